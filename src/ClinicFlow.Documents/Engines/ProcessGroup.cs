using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ClinicFlow.Documents.Engines;

/// <summary>
/// Starting a program so that all its processes can be ended together. LibreOffice's command is a script that starts a
/// starter that starts the office: ending the first would leave the last.
/// </summary>
internal static partial class ProcessGroup
{
    private const int KillSignal = 9;

    private static readonly string? SetSid = OperatingSystem.IsWindows() ? null : Find("setsid");

    /// <summary>How a program is started at the head of a group of its own.</summary>
    public static ProcessStartInfo Start(string program)
    {
        var start = new ProcessStartInfo(SetSid ?? program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        if (SetSid is not null)
        {
            start.ArgumentList.Add(program);
        }

        return start;
    }

    /// <summary>Ends a process that was started so, with all that it started.</summary>
    public static void Kill(int processId)
    {
        if (SetSid is not null)
        {
            _ = SendSignal(-processId, KillSignal);
        }

        try
        {
            using var process = Process.GetProcessById(processId);
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception or NotSupportedException)
        {
            // It has ended already.
        }
    }

    /// <summary>
    /// Waits until nothing of the group is left: a process that was sent its end may take a moment to go. A second at
    /// most, because where nobody reaps orphans, as in a container without an init, their entries stay.
    /// </summary>
    public static async Task WaitForEndAsync(int processId)
    {
        for (var attempt = 0; attempt < 100 && SetSid is not null && SendSignal(-processId, 0) == 0; attempt++)
        {
            await Task.Delay(10).ConfigureAwait(false);
        }
    }

    /// <summary>Finds a program on the path.</summary>
    public static string? Find(string name)
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => OperatingSystem.IsWindows() ? new[] { Path.Combine(folder, name + ".exe"), Path.Combine(folder, name + ".com") } : [Path.Combine(folder, name)])
            .FirstOrDefault(File.Exists);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int processId, int signal);
}
