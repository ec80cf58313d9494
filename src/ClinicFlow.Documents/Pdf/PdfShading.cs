using System.IO.Hashing;
using System.Text;
using ClinicFlow.Documents.Layout.Pages;

namespace ClinicFlow.Documents.Pdf;

/// <summary>
/// A gradient as a resource (ISO 32000-1, 8.7.4.5): along a line of length 1, or from the middle of a circle of radius 1. Where it is used a matrix brings it to its
/// place, so shapes of the same colours share it.
/// </summary>
internal sealed record PdfShading(byte[] ResourceName, byte[] Dictionary)
{
    public static PdfShading Of(Gradient gradient)
    {
        var output = new PdfBuffer(256);
        output.Write("<</ShadingType "u8).Write(gradient.IsRadial ? 3 : 2).Write("/ColorSpace/DeviceRGB/Coords"u8).Write(gradient.IsRadial ? "[0 0 0 0 0 1]"u8 : "[0 0 1 0]"u8).Write("/Extend[true true]/Function"u8);
        WriteFunction(output, gradient);
        output.Write(">>"u8);
        return new(Encoding.ASCII.GetBytes($"/S{Convert.ToHexString(XxHash64.Hash(output.Written))}"), output.Written.ToArray());
    }

    // Two colours are one function, more are functions one behind the other.
    private static void WriteFunction(PdfBuffer output, Gradient gradient)
    {
        var pieces = new List<(float To, Paint First, Paint Last)>();
        var (at, last) = (0f, gradient.Stops[0].Color);
        foreach (var stop in gradient.Stops)
        {
            if (stop.At > at)
            {
                pieces.Add((stop.At, last, stop.Color));
                at = stop.At;
            }

            last = stop.Color;
        }

        if (at < 1)
        {
            pieces.Add((1, last, last));
        }

        if (pieces.Count == 1)
        {
            WritePiece(output, pieces[0].First, pieces[0].Last);
            return;
        }

        output.Write("<</FunctionType 3/Domain[0 1]/Functions["u8);
        foreach (var (_, first, end) in pieces)
        {
            WritePiece(output, first, end);
        }

        output.Write("]/Bounds["u8);
        foreach (var (to, _, _) in pieces[..^1])
        {
            output.Write((double)to).WriteByte((byte)' ');
        }

        output.Write("]/Encode["u8);
        foreach (var _ in pieces)
        {
            output.Write("0 1 "u8);
        }

        output.Write("]>>"u8);
    }

    private static void WritePiece(PdfBuffer output, Paint first, Paint last)
    {
        output.Write("<</FunctionType 2/Domain[0 1]/N 1/C0["u8);
        WriteColor(output, first);
        output.Write("]/C1["u8);
        WriteColor(output, last);
        output.Write("]>>"u8);
    }

    private static void WriteColor(PdfBuffer output, Paint color)
        => output.Write(color.Red / 255.0).WriteByte((byte)' ').Write(color.Green / 255.0).WriteByte((byte)' ').Write(color.Blue / 255.0);
}
