using ClinicFlow.Batch;
using ClinicFlow.Documents;
using Microsoft.Extensions.Options;

namespace ClinicFlow.Server;

/// <summary>The section <c>Server</c> of the configuration is wrong.</summary>
public sealed class ServerSettingsException : ClinicFlowException
{
    internal ServerSettingsException(IReadOnlyList<string> problems)
        : base("config-invalid", string.Join("\n", problems))
    {
    }
}

/// <summary>Why a server could not start, for whoever reads its output.</summary>
internal static class StartProblem
{
    /// <summary>The message for an exception; null for a defect.</summary>
    public static string? Of(Exception exception) => exception switch
    {
        OptionsValidationException e => "The configuration is wrong:\n  " + string.Join("\n  ", e.Failures),
        BatchConfigException e => "The configuration is wrong:\n  " + string.Join("\n  ", e.Problems),
        ServerSettingsException e => "The configuration is wrong:\n  " + e.Message.ReplaceLineEndings("\n  "),
        ClinicFlowException e => $"The server cannot start ({e.Code}): {e.Message}",
        InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } e => "The configuration is wrong:\n  " + e.Message,
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } => "The server cannot start: another program listens at this address. Choose another with --urls http://127.0.0.1:PORT.",
        UnauthorizedAccessException or IOException => $"The server cannot start: the data folder or the address cannot be used ({exception.GetType().Name}). Check that the account of the server may write there.",
        _ => null,
    };
}
