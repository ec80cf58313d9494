using System.Diagnostics;
using ClinicFlow.Documents;
using ClinicFlow.Documents.Engines;

namespace ClinicFlow.Fidelity;

/// <summary>The engines that are measured.</summary>
internal static class Engines
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly NativeEngine Native = new();

    public static string[] Names { get; } = ["native", "libreoffice"];

    /// <summary>Renders one document natively, a second time for the clock: the first pays for what is made once.</summary>
    public static async Task<Rendering> RenderAsync(string docx, string folder)
    {
        var bytes = await File.ReadAllBytesAsync(docx);
        Directory.CreateDirectory(folder);
        var target = Path.Combine(folder, Path.ChangeExtension(Path.GetFileName(docx), ".pdf"));
        var started = Stopwatch.GetTimestamp();
        try
        {
            using var limit = new CancellationTokenSource(Limit);
            var converted = Native.Convert(bytes, limit.Token);
            started = Stopwatch.GetTimestamp();
            converted = Native.Convert(bytes, limit.Token);
            var milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            await File.WriteAllBytesAsync(target, converted.Pdf);
            return new Rendering(target, milliseconds, "", [.. converted.Gaps.Select(gap => $"{gap.Code} x{gap.Count}")]);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            var at = string.Join(" ", (e.StackTrace ?? "").Split('\n').Take(e is ClinicFlowException ? 0 : 4).Select(line => line.Trim()));
            return new Rendering(null, Stopwatch.GetElapsedTime(started).TotalMilliseconds, $"{e.GetType().Name}: {e.Message} {at}", Gaps(bytes, e));
        }
    }

    // A document that cannot be rendered is not kept native; where the scan did not foresee it, the failure is its own finding.
    private static IReadOnlyList<string> Gaps(byte[] docx, Exception e)
    {
        try
        {
            var gaps = Native.FindGaps(docx);
            return gaps.Count > 0 ? [.. gaps.Select(gap => $"{gap.Code} x{gap.Count}")] : [$"failed-{e.GetType().Name} x1"];
        }
        catch (ClinicFlowException unreadable)
        {
            return [$"unreadable-{unreadable.Code} x1"];
        }
    }
}
