using System.Globalization;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using ClinicFlow.Batch.Encryption;
using ClinicFlow.Batch.Jobs;
using ClinicFlow.Batch.Storage;

namespace ClinicFlow.Batch.Intake;

/// <summary>
/// Checks a job as it comes in, request by request, and creates it where nothing is wrong. All problems are found before
/// anything is refused; a job of any length costs the memory of a few thousand requests.
/// </summary>
public sealed class JobIntake
{
    /// <summary>How many problems are listed; more are counted.</summary>
    public const int MaxProblems = 1_000;

    private const string NoText = "must hold neither NUL nor half of a surrogate pair.";

    private readonly BatchProcessingConfig _config;
    private readonly IntakeStore _store;
    private readonly TemplateStore _templates;
    private readonly MergeDataVault _vault;
    private readonly TimeProvider _time;

    internal JobIntake(BatchProcessingConfig config, IntakeStore store, TemplateStore templates, MergeDataVault vault, TimeProvider time)
        => (_config, _store, _templates, _vault, _time) = (config, store, templates, vault, time);

    /// <summary>Creates and queues a job.</summary>
    /// <exception cref="JobRefusedException">Something is wrong with it (<c>job-invalid</c>), or the queue is full (<c>queue-full</c>).</exception>
    internal async Task<(Guid Id, bool IsNew)> CreateAsync(
        BatchUser user, string name, Guid templateId, IAsyncEnumerable<BatchDocumentRequest> requests, BatchJobSettings settings, JobPriority priority, string description, string? idempotencyKey, CancellationToken cancellation)
    {
        var problems = new ProblemList();
        CheckJob(problems, user.Id, name, settings, priority, description, idempotencyKey);
        if (!StoredText.CanKeep(user.Id))
        {
            // No database can even be asked in this name.
            problems.ThrowIfAny();
        }

        var version = await FindVersionAsync(templateId, "templateId", null, problems, cancellation).ConfigureAwait(false);
        var job = new NewJob(Guid.CreateVersion7(_time.GetUtcNow()), user.Id, name.Trim(), description, templateId, version, priority, settings, _config.DefaultJobTimeout, idempotencyKey);
        var outcome = await _store.CreateAsync(job, user, CheckAsync(job, requests, problems, cancellation), _config.MaxQueueSize, _config.OwnersTakeTurns, cancellation).ConfigureAwait(false);
        return outcome switch
        {
            CreateOutcome.Created => (job.Id, true),
            CreateOutcome.Existing(var id) => (id, false),
            CreateOutcome.QueueFull(var size) => throw new JobRefusedException("queue-full", QueueFull(size)),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>Checks the corrected merge data of requests, and makes it ready to be kept.</summary>
    /// <exception cref="JobRefusedException">Something is wrong with it.</exception>
    internal byte[] Seal(Guid jobId, int index, string path, string json)
    {
        var (problems, data) = (new ProblemList(), new IncomingData(_vault, _config.MaxMergeDataBytes));
        CheckData(problems, path, index, json, data);
        problems.ThrowIfAny();
        return data.Seal(jobId, index);
    }

    /// <summary>What a full queue says.</summary>
    internal static string QueueFull(int size) => string.Create(CultureInfo.InvariantCulture, $"The queue is full: {size} jobs wait. Try again when some of them are done, cancel one that is not needed, or have maxQueueSize raised.");

    private void CheckJob(ProblemList problems, string user, string name, BatchJobSettings settings, JobPriority priority, string description, string? idempotencyKey)
    {
        problems.Require(user is { Length: >= 1 and <= 200 }, "user-invalid", "createdBy", null, "must be 1 to 200 characters.");
        problems.Require(!string.IsNullOrWhiteSpace(name) && name.Length <= 200, "name-invalid", "name", null, "must be 1 to 200 characters.");
        problems.Require(description.Length <= 4_000, "description-too-long", "description", null, "must be at most 4000 characters.");
        problems.Require(Enum.IsDefined(priority), "priority-invalid", "priority", null, "must be low, normal, high or urgent.");
        problems.Require(idempotencyKey is null or { Length: >= 1 and <= 200 }, "idempotency-key-invalid", "idempotencyKey", null, "must be 1 to 200 characters.");
        foreach (var (path, text) in new[] { ("createdBy", user), ("name", name), ("description", description), ("idempotencyKey", idempotencyKey), ("settings.notificationEmail", settings.NotificationEmail) })
        {
            problems.Require(StoredText.CanKeep(text), "text-invalid", path, null, NoText);
        }

        problems.Require(
            !settings.NotifyOnCompletion || string.IsNullOrWhiteSpace(settings.NotificationEmail) || _config.Notifications.CanSendEmail, "mail-server-missing", "settings.notifyOnCompletion", null,
            "cannot be true: no mail server is set up here.");
        foreach (var (path, message) in settings.Validate())
        {
            problems.Add("setting-invalid", path, null, message);
        }
    }

    private static string? ReadJson(BatchDocumentRequest request)
    {
        try
        {
            return request.MergeData?.ToJsonString() ?? request.MergeDataJson;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or NotSupportedException or JsonException)
        {
            // It holds what JSON cannot, such as not a number, or is too deep: this is no JSON either, which is said below.
            return "";
        }
    }

    private async IAsyncEnumerable<NewRequest> CheckAsync(NewJob job, IAsyncEnumerable<BatchDocumentRequest> requests, ProblemList problems, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var ids = new HashSet<UInt128>();
        var versions = new Dictionary<Guid, Guid>();
        var data = new IncomingData(_vault, _config.MaxMergeDataBytes);
        var index = 0;
        await foreach (var request in requests.WithCancellation(cancellation).ConfigureAwait(false))
        {
            if (index >= _config.MaxDocumentsPerJob)
            {
                problems.Add("too-many-requests", "requests", null, string.Create(CultureInfo.InvariantCulture, $"must be at most {_config.MaxDocumentsPerJob} documents. Split the job."));
                break;
            }

            var json = ReadJson(request);
            var id = request.RequestId ?? string.Create(CultureInfo.InvariantCulture, $"r{index + 1}");
            CheckRequest(problems, request, index, id, json, ids, data);
            var version = request.TemplateId is { } other && other != job.TemplateId ? await OtherVersionAsync(other, index, versions, problems, cancellation).ConfigureAwait(false) : (Guid?)null;
            if (!problems.IsAny)
            {
                yield return new NewRequest(id, request.DocumentName, data.Seal(job.Id, index), request.PatientId, version);
            }

            index++;
        }

        problems.Require(index > 0, "no-requests", "requests", null, "must have at least one document.");
        problems.ThrowIfAny();
    }

    private static void CheckRequest(ProblemList problems, BatchDocumentRequest request, int index, string id, string? json, HashSet<UInt128> ids, IncomingData data)
    {
        void Require(bool isMet, string code, string name, string message)
        {
            if (!isMet)
            {
                problems.Add(code, string.Create(CultureInfo.InvariantCulture, $"requests[{index}].{name}"), index, message);
            }
        }

        Require(!string.IsNullOrWhiteSpace(request.DocumentName) && request.DocumentName.Length <= 500, "document-name-invalid", "documentName", "must be 1 to 500 characters.");
        Require(request.PatientId is null or { Length: >= 1 and <= 200 }, "patient-id-invalid", "patientId", "must be 1 to 200 characters.");
        Require(id.Length is >= 1 and <= 200, "request-id-invalid", "requestId", "must be 1 to 200 characters.");

        Require(StoredText.CanKeep(request.DocumentName), "text-invalid", "documentName", NoText);
        Require(StoredText.CanKeep(request.PatientId), "text-invalid", "patientId", NoText);
        Require(StoredText.CanKeep(id), "text-invalid", "requestId", NoText);

        // 128 bits a name: a million ids are sixteen megabytes, and no two of them are taken for one.
        Require(ids.Add(XxHash128.HashToUInt128(MemoryMarshal.AsBytes(id.AsSpan()))), "request-id-repeated", "requestId", "must be unique in the job.");
        if (json is null)
        {
            Require(false, "merge-data-missing", "mergeData", "must be a JSON object.");
        }
        else
        {
            CheckData(problems, string.Create(CultureInfo.InvariantCulture, $"requests[{index}].mergeData"), index, json, data);
        }
    }

    private static void CheckData(ProblemList problems, string path, int index, string json, IncomingData data)
    {
        if (data.Take(json) is var (code, message))
        {
            problems.Add(code, path, index, message);
        }
    }

    private async Task<Guid> OtherVersionAsync(Guid templateId, int index, Dictionary<Guid, Guid> versions, ProblemList problems, CancellationToken cancellation)
    {
        if (!versions.TryGetValue(templateId, out var version))
        {
            version = await FindVersionAsync(templateId, string.Create(CultureInfo.InvariantCulture, $"requests[{index}].templateId"), index, problems, cancellation).ConfigureAwait(false);
            versions[templateId] = version;
        }

        return version;
    }

    private async Task<Guid> FindVersionAsync(Guid templateId, string path, int? index, ProblemList problems, CancellationToken cancellation)
    {
        var template = await _templates.FindAsync(templateId, cancellation).ConfigureAwait(false);
        problems.Require(template is not null, "template-unknown", path, index, "names no template.");
        problems.Require(template is null || template.Published is not null, "template-not-published", path, index, "names a template without a published version. Publish one first.");
        return template?.Published?.Id ?? Guid.Empty;
    }

    private sealed class ProblemList
    {
        private readonly List<IntakeProblem> _problems = [];
        private int _count;

        public bool IsAny => _count > 0;

        public void Require(bool isMet, string code, string path, int? index, string message)
        {
            if (!isMet)
            {
                Add(code, path, index, message);
            }
        }

        public void Add(string code, string path, int? index, string message)
        {
            _count++;
            if (_problems.Count < MaxProblems)
            {
                _problems.Add(new IntakeProblem(code, path, index, message));
            }
        }

        public void ThrowIfAny()
        {
            if (_count > 0)
            {
                var first = string.Join("\n", _problems.Take(10));
                throw new JobRefusedException("job-invalid", string.Create(CultureInfo.InvariantCulture, $"The job was not created. {_count} {(_count == 1 ? "thing is" : "things are")} wrong with it:\n{first}{(_count > 10 ? "\n…" : "")}"), _problems, _count);
            }
        }
    }
}
