using System.Diagnostics;
using Xunit;

namespace ClinicFlow.Batch.Tests.Crash;

/// <summary>A disk of a few megabytes, in memory. Mounting one needs root; the machine that runs ./test for us is.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string folder) => Folder = folder;

    public string Folder { get; }

    public long FreeBytes => new DriveInfo(Folder).AvailableFreeSpace;

    public static async Task<SmallDisk> MountAsync(int megabytes)
    {
        var folder = Directory.CreateTempSubdirectory("clinicflow-disk-").FullName;
        Assert.True(await RunAsync("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "clinicflow-test", folder) == 0, "A small disk could not be mounted. Run the tests as root.");
        return new SmallDisk(folder);
    }

    public async ValueTask DisposeAsync()
    {
        Assert.Equal(0, await RunAsync("umount", "-l", Folder));
        Directory.Delete(Folder);
    }

    private static async Task<int> RunAsync(string file, params string[] arguments)
    {
        using var process = Process.Start(file, arguments);
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode;
    }
}
