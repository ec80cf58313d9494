using System.Globalization;
using System.Text;

namespace ClinicFlow.Documents.Tests.Pdf;

/// <summary>A page as pdftoppm draws it, one pixel a point.</summary>
internal static class Bitmap
{
    /// <summary>Six digits of the colour of a pixel of the first page.</summary>
    public static string ColorAt(byte[] pdf, int x, int y)
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var path = Path.Combine(folder.FullName, "page");
            PdfTool.Run(pdf, "pdftoppm", "-r", "72", "-singlefile", "FILE", path);
            var bytes = File.ReadAllBytes(path + ".ppm");

            // P6, width, height, 255; each ends in white space.
            var header = Encoding.ASCII.GetString(bytes, 0, Math.Min(bytes.Length, 30)).Split((char[])[' ', '\n'], 5);
            var width = int.Parse(header[1], CultureInfo.InvariantCulture);
            var start = header[0].Length + header[1].Length + header[2].Length + header[3].Length + 4;
            return Convert.ToHexString(bytes, start + (3 * ((y * width) + x)), 3);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
