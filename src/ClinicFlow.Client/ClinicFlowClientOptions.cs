namespace ClinicFlow.Client;

/// <summary>How a client behaves where the defaults do not fit.</summary>
public sealed record ClinicFlowClientOptions
{
    /// <summary>How long an answer may take, uploads and downloads apart. Default 100 seconds.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>How often a call that may be repeated is sent again after 429 or 503 with Retry-After. Default 4.</summary>
    public int MaxRetries { get; init; } = 4;

    /// <summary>The longest Retry-After that is waited for; a longer one is left to the caller. Default 10 seconds.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long live progress tries to come back to a server that is away, before it gives up. Default 10 minutes.</summary>
    public TimeSpan ReconnectFor { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often progress is asked for where the server pushes nothing. Default 2 seconds.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>What signs in a connection of live progress, as headers: asked for each time that one is opened, so that a sign-in that was renewed is used. Null, the default: the headers of the HttpClient.</summary>
    public Func<IReadOnlyDictionary<string, string>>? LiveHeaders { get; init; }

    /// <summary>How long a download may stand still before its connection counts as broken. Default 60 seconds.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What waits are measured by.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
