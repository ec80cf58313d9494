namespace ClinicFlow.Cli;

/// <summary>What the process ends with. Documented in docs/cli.md and in the help; never renumbered.</summary>
internal static class ExitCodes
{
    /// <summary>All that was asked for is done.</summary>
    public const int Done = 0;

    /// <summary>Some documents failed, or what was checked has problems.</summary>
    public const int SomeFailed = 1;

    /// <summary>The command line, the template or the data cannot be used, or the server refused; nothing was made.</summary>
    public const int BadInput = 2;

    /// <summary>The PDF engine, the disk or another part of the machine failed, or the server cannot be reached.</summary>
    public const int EnvironmentFailed = 3;

    /// <summary>Ctrl-C, as shells count it (128 + SIGINT).</summary>
    public const int Interrupted = 130;

    /// <summary>The lines that the help prints.</summary>
    public const string Help = """
        Exit codes:
          0    all done
          1    some documents failed (they are in failed.csv), or what was checked has problems
          2    the command line, the template or the data cannot be used; not signed in, or refused by the server
          3    the PDF engine, the disk or another part of the machine failed; the server cannot be reached or is busy
          130  interrupted; go on with --resume
        """;
}
