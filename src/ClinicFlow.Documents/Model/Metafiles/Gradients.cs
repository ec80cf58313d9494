namespace ClinicFlow.Documents.Model.Metafiles;

/// <summary>Rectangles that go from one colour to another, across or down ([MS-EMF] 2.3.5.12).</summary>
internal static class Gradients
{
    private const int Bands = 128;

    private readonly record struct Corner(double X, double Y, double Red, double Green, double Blue);

    public static void Draw(MetafileCanvas canvas, ref RecordReader record)
    {
        record.Skip(16);
        var (corners, rectangles, mode) = (record.UInt32(), record.UInt32(), record.UInt32());
        if (mode > 1)
        {
            throw new UndrawableException("triangles of several colours");
        }

        if (corners > (uint)record.Left / 16)
        {
            throw new UndrawableException("a record that is cut short");
        }

        var all = new Corner[corners];
        for (var i = 0; i < all.Length; i++)
        {
            all[i] = new(record.Int32(), record.Int32(), record.UInt16() / 256.0, record.UInt16() / 256.0, record.UInt16() / 256.0);
            record.Skip(2);
        }

        for (; rectangles > 0; rectangles--)
        {
            var (first, second) = (record.UInt32(), record.UInt32());
            if (first >= corners || second >= corners)
            {
                throw new UndrawableException("a corner that is not there");
            }

            Fill(canvas, all[first], all[second], isAcross: mode == 0);
        }
    }

    // Bands, each over the rest of the rectangle: so no seam shows between them.
    private static void Fill(MetafileCanvas canvas, Corner from, Corner to, bool isAcross)
    {
        for (var i = 0; i < Bands; i++)
        {
            var (share, middle) = ((double)i / Bands, (i + 0.5) / Bands);
            byte Mix(double a, double b) => (byte)Math.Clamp(Math.Round(a + ((b - a) * middle)), 0, 255);
            var color = new Rgb(Mix(from.Red, to.Red), Mix(from.Green, to.Green), Mix(from.Blue, to.Blue));
            var (x, y) = isAcross ? (from.X + ((to.X - from.X) * share), from.Y) : (from.X, from.Y + ((to.Y - from.Y) * share));
            canvas.Fill(canvas.RectanglePath(x, y, to.X, to.Y), color);
        }
    }
}
