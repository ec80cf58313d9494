namespace ClinicFlow.Documents.Model.Metafiles;

/// <summary>Decodes rows of 4 or 8 bits a pixel that are stored as runs ([MS-WMF] 3.1.6).</summary>
internal static class RunLengths
{
    /// <summary>The number of each pixel's colour, rows in the order in which they are stored. What no run reaches is 0, and what goes beyond the rows is left out.</summary>
    public static byte[] Decode(ReadOnlySpan<byte> runs, int width, int height, bool areNibbles)
    {
        var pixels = new byte[width * height];
        var (x, y, at) = (0, 0, 0);
        while (at + 1 < runs.Length && y < height)
        {
            var (count, value) = (runs[at], runs[at + 1]);
            at += 2;
            if (count > 0)
            {
                for (var i = 0; i < count; i++)
                {
                    Put((byte)(!areNibbles ? value : (i & 1) == 0 ? value >> 4 : value & 15));
                }

                continue;
            }

            switch (value)
            {
                case 0:
                    (x, y) = (0, y + 1);
                    break;
                case 1:
                    return pixels;
                case 2:
                    if (at + 1 >= runs.Length)
                    {
                        return pixels;
                    }

                    (x, y) = (x + runs[at], y + runs[at + 1]);
                    at += 2;
                    break;
                default:
                    // So many pixels as they are, in whole words.
                    var bytes = areNibbles ? (value + 1) / 2 : value;
                    if (at + bytes > runs.Length)
                    {
                        return pixels;
                    }

                    for (var i = 0; i < value; i++)
                    {
                        var one = runs[at + (areNibbles ? i / 2 : i)];
                        Put((byte)(!areNibbles ? one : (i & 1) == 0 ? one >> 4 : one & 15));
                    }

                    at += bytes + (bytes & 1);
                    break;
            }
        }

        return pixels;

        void Put(byte value)
        {
            if (x < width && y < height)
            {
                pixels[(y * width) + x] = value;
            }

            x++;
        }
    }
}
