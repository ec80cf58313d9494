using ClinicFlow.Documents;

namespace ClinicFlow.Batch.Storage;

/// <summary>The database could not do what was asked of it.</summary>
public sealed class StorageException : ClinicFlowException
{
    private readonly bool _isTransient;

    internal StorageException(string code, string message, bool isTransient, Exception? inner = null)
        : base(code, message, inner) => _isTransient = isTransient;

    /// <inheritdoc/>
    public override bool IsTransient => _isTransient;
}
