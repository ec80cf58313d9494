using System.Buffers;
using System.Diagnostics;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Pdf;
using Xunit;

namespace ClinicFlow.Documents.Tests.Pdf;

/// <summary>Writes documents and asks other people's programs about them.</summary>
internal static class PdfTool
{
    public static byte[] Write(LaidDocument document, PdfCache? cache = null, PdfOptions? options = null)
    {
        var output = new ArrayBufferWriter<byte>();
        new PdfWriter(cache ?? new PdfCache()).Write(document, options ?? PdfOptions.Default, output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Runs a program on the PDF; "FILE" among the arguments is its path.</summary>
    public static string Run(byte[] pdf, string program, params string[] arguments) => Run(pdf, program, out _, arguments);

    public static string Run(byte[] pdf, string program, out int exitCode, params string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var path = Path.Combine(folder.FullName, "document.pdf");
            File.WriteAllBytes(path, pdf);
            if (Environment.GetEnvironmentVariable("KEEP_PDF") is { Length: > 0 } kept)
            {
                File.WriteAllBytes(Path.Combine(kept, (TestContext.Current.TestMethod?.MethodName ?? "document") + ".pdf"), pdf);
            }

            using var process = Process.Start(new ProcessStartInfo(program, arguments.Select(a => a.Replace("FILE", path, StringComparison.Ordinal).Replace("FOLDER", folder.FullName, StringComparison.Ordinal)))
            {
                RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = System.Text.Encoding.UTF8,
            })!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            Assert.True(process.WaitForExit(60_000), $"{program} did not end");
            exitCode = process.ExitCode;
            return output + errors.Result;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Fails unless qpdf finds nothing to say.</summary>
    public static void CheckFile(byte[] pdf)
    {
        var said = Run(pdf, "qpdf", out var exitCode, "--check", "FILE");
        Assert.True(exitCode == 0 && said.Contains("No syntax or stream encoding errors", StringComparison.Ordinal), said);
        Assert.Equal("", Run(pdf, "pdftoppm", "-r", "30", "-png", "FILE", "FOLDER/page"));

        // Debian builds MuPDF without colour profiles, and says so each time.
        var drawn = Run(pdf, "mutool", "draw", "-o", "/dev/null", "-F", "png", "-r", "30", "FILE").Replace("warning: ICC support is not available", "", StringComparison.Ordinal);
        Assert.DoesNotContain("warning", drawn, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("error", drawn, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The text of the file, lines without spaces at their ends.</summary>
    public static string[] Text(byte[] pdf) => [.. Run(pdf, "pdftotext", "-layout", "FILE", "-").Split(['\n', '\f'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
}
