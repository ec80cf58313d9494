namespace ClinicFlow.SampleMaker;

/// <summary>The mark of the sample's clinic: a white cross over two waves on a rounded teal tile.</summary>
internal static class Logo
{
    private const int Side = 240;
    private const int Samples = 4; // a pixel's edge is averaged over Samples × Samples points

    private static readonly (double R, double G, double B) DeepTeal = (11, 93, 107);
    private static readonly (double R, double G, double B) Teal = (22, 134, 145);
    private static readonly (double R, double G, double B) Foam = (140, 208, 210);
    private static readonly (double R, double G, double B) White = (255, 255, 255);

    /// <summary>Draws the mark as a PNG of 240 pixels a side, at 300 pixels an inch.</summary>
    public static byte[] DrawPng()
    {
        var rgba = new byte[Side * Side * 4];
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                DrawPixel(rgba.AsSpan(((y * Side) + x) * 4, 4), x, y);
            }
        }

        return PngWriter.Write(Side, Side, pixelsPerMetre: 11_811, rgba);
    }

    private static void DrawPixel(Span<byte> pixel, int x, int y)
    {
        double red = 0, green = 0, blue = 0;
        var covered = 0;
        for (var i = 0; i < Samples * Samples; i++)
        {
            var u = (x + (((i % Samples) + 0.5) / Samples)) / Side;
            var v = (y + (((i / Samples) + 0.5) / Samples)) / Side;
            if (ColourAt(u, v) is { } colour)
            {
                red += colour.R;
                green += colour.G;
                blue += colour.B;
                covered++;
            }
        }

        if (covered == 0)
        {
            return;
        }

        pixel[0] = (byte)Math.Round(red / covered);
        pixel[1] = (byte)Math.Round(green / covered);
        pixel[2] = (byte)Math.Round(blue / covered);
        pixel[3] = (byte)(255 * covered / (Samples * Samples));
    }

    // The mark as a function of the place, both from 0 to 1 and v downwards; null outside the tile.
    private static (double R, double G, double B)? ColourAt(double u, double v)
    {
        const double corner = 0.2;
        var dx = Math.Max(Math.Abs(u - 0.5) - (0.5 - corner), 0);
        var dy = Math.Max(Math.Abs(v - 0.5) - (0.5 - corner), 0);
        if ((dx * dx) + (dy * dy) > corner * corner)
        {
            return null;
        }

        if (IsInCross(u - 0.5, v - 0.37))
        {
            return White;
        }

        // The nearer wave covers the farther one.
        return v > Wave(u, 0.83, 0.0) ? Foam : v > Wave(u, 0.73, 1.4) ? Teal : DeepTeal;
    }

    private static bool IsInCross(double u, double v)
    {
        const double arm = 0.245;
        const double half = 0.082;
        return (Math.Abs(u) <= half && Math.Abs(v) <= arm) || (Math.Abs(v) <= half && Math.Abs(u) <= arm);
    }

    private static double Wave(double u, double level, double phase) => level + (0.045 * Math.Sin((u * 2 * Math.PI) + phase));
}
