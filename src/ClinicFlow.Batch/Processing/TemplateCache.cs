using ClinicFlow.Batch.Storage;
using ClinicFlow.Documents;

namespace ClinicFlow.Batch.Processing;

/// <summary>A template version that jobs need is gone or cannot be compiled.</summary>
public sealed class TemplateUnusableException : ClinicFlowException
{
    internal TemplateUnusableException(string code, string message)
        : base(code, message)
    {
    }
}

/// <summary>Compiled templates by version, the ones used last; compiling one takes many times what rendering does.</summary>
internal sealed class TemplateCache(TemplateStore store, int capacity = 64)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, LinkedListNode<(Guid Id, Lazy<Task<CompiledTemplate>> Compiled)>> _byId = [];
    private readonly LinkedList<(Guid Id, Lazy<Task<CompiledTemplate>> Compiled)> _lastUsedFirst = new();

    /// <summary>The compiled template of a version.</summary>
    /// <exception cref="TemplateUnusableException">There is no such version, or it has errors.</exception>
    /// <exception cref="StorageException">The database failed.</exception>
    public async Task<CompiledTemplate> GetAsync(Guid versionId, CancellationToken cancellation)
    {
        Lazy<Task<CompiledTemplate>> compiled;
        lock (_gate)
        {
            if (_byId.TryGetValue(versionId, out var node))
            {
                _lastUsedFirst.Remove(node);
            }
            else
            {
                node = new((versionId, new Lazy<Task<CompiledTemplate>>(() => CompileAsync(versionId))));
                _byId[versionId] = node;
                while (_byId.Count > capacity)
                {
                    _byId.Remove(_lastUsedFirst.Last!.Value.Id);
                    _lastUsedFirst.RemoveLast();
                }
            }

            _lastUsedFirst.AddFirst(node);
            compiled = node.Value.Compiled;
        }

        try
        {
            return await compiled.Value.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception) when (compiled.Value.IsFaulted)
        {
            // The next one who asks tries again: the database may be back, or there may be memory for it.
            lock (_gate)
            {
                if (_byId.Remove(versionId, out var node))
                {
                    _lastUsedFirst.Remove(node);
                }
            }

            throw;
        }
    }

    private async Task<CompiledTemplate> CompileAsync(Guid versionId)
    {
        var content = await store.ReadContentAsync(versionId, CancellationToken.None).ConfigureAwait(false)
            ?? throw new TemplateUnusableException("template-version-gone", "The version of the template that the job pinned is not there any more.");
        var template = TemplateCompiler.Compile(new MemoryStream(content, writable: false));
        return template.CanRender ? template
            : throw new TemplateUnusableException("template-has-errors", "The template has errors. Look at its problems, mend it in Word and upload it as a new version.");
    }
}
