using ClinicFlow.Client;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Documents;

namespace ClinicFlow.Cli.Remote;

/// <summary>Finds jobs by what a person types: an id, or enough of its beginning or its end.</summary>
internal static class JobLookup
{
    private const int LeastLength = 6;

    /// <summary>Finds a job.</summary>
    /// <exception cref="CommandProblemException">There is none, or more than one.</exception>
    public static async Task<Job> FindAsync(ClinicFlowClient client, string text, CancellationToken cancellation)
    {
        if (Guid.TryParse(text, out var id))
        {
            return await client.Jobs.GetAsync(id, cancellation);
        }

        var part = text.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
        if (part.Length < LeastLength || part.Length >= 32 || !part.All(char.IsAsciiHexDigit))
        {
            throw new CommandProblemException(new Problem("usage", $"A job is named by its id, or by {LeastLength} or more characters of its beginning or its end.") { Advice = "clinicflow jobs lists them." });
        }

        // Ids begin with the time they were made at: jobs of one afternoon begin alike, and differ at the end.
        var found = new List<Job>();
        await foreach (var job in client.Jobs.ListAllAsync(new JobFilter { Count = 200 }, cancellation))
        {
            var name = job.Id.ToString("N");
            if (name.StartsWith(part, StringComparison.Ordinal) || name.EndsWith(part, StringComparison.Ordinal))
            {
                found.Add(job);
            }
        }

        return found switch
        {
            [var only] => only,
            [] => throw new CommandProblemException(new Problem("not-found", "No job of yours has an id that begins or ends so.") { Advice = "clinicflow jobs lists them." }),
            _ => throw new CommandProblemException(new Problem("job-ambiguous", $"{found.Count} jobs have an id that begins or ends so: {string.Join(", ", found.Take(5).Select(job => job.Id))}{(found.Count > 5 ? " …" : "")}.")
            {
                Advice = "Give more of it; ids of jobs made soon after each other differ at the end.",
            }),
        };
    }

    /// <summary>Finds several, each once.</summary>
    public static async Task<IReadOnlyList<Job>> FindAllAsync(ClinicFlowClient client, IEnumerable<string> texts, CancellationToken cancellation)
    {
        var jobs = new List<Job>();
        foreach (var text in texts)
        {
            jobs.Add(await FindAsync(client, text, cancellation));
        }

        return [.. jobs.DistinctBy(job => job.Id)];
    }
}
