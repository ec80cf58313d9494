using ClinicFlow.Documents.Layout.Pages;

namespace ClinicFlow.Documents.Pdf;

/// <summary>Writes the headings of a reader's side bar (ISO 32000-1, 12.3.3).</summary>
internal static class OutlineWriter
{
    /// <summary>Writes the outline; the answer is the number of its root. A heading hangs under the nearest one before it of a higher rank.</summary>
    public static int Write(ObjectFile file, LaidDocument document, IReadOnlyList<int> pageNumbers)
    {
        var entries = document.Outline;
        var root = file.Allocate();
        var numbers = new int[entries.Count];
        var (parents, previous, next) = (new int[entries.Count], new int[entries.Count], new int[entries.Count]);
        var (first, last, counts) = (new int[entries.Count + 1], new int[entries.Count + 1], new int[entries.Count + 1]); // the last one is the root's
        Array.Fill(first, -1);
        Array.Fill(last, -1);
        var open = new Stack<int>();
        for (var i = 0; i < entries.Count; i++)
        {
            numbers[i] = file.Allocate();
            while (open.TryPeek(out var above) && entries[above].Level >= entries[i].Level)
            {
                open.Pop();
            }

            var parent = open.TryPeek(out var found) ? found : entries.Count;
            (parents[i], previous[i], next[i]) = (parent, last[parent], -1);
            if (last[parent] >= 0)
            {
                next[last[parent]] = i;
            }
            else
            {
                first[parent] = i;
            }

            last[parent] = i;
            foreach (var ancestor in open)
            {
                counts[ancestor]++;
            }

            counts[entries.Count]++;
            open.Push(i);
        }

        file.Pack(root).Write("<</Type/Outlines/First"u8).Reference(numbers[first[^1]]).Write("/Last"u8).Reference(numbers[last[^1]]).Write("/Count "u8).Write(counts[^1]).Write(">>"u8);
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            var page = Math.Clamp(entry.Page, 0, pageNumbers.Count - 1);
            var output = file.Pack(numbers[i]).Write("<</Title"u8).Text(entry.Title).Write("/Parent"u8).Reference(parents[i] == entries.Count ? root : numbers[parents[i]])
                .Write("/Dest["u8).Reference(pageNumbers[page]).Write("/XYZ 0 "u8).Write(document.Pages[page].Height - entry.Y).Write(" 0]"u8);
            Link(output, "/Prev"u8, previous[i]);
            Link(output, "/Next"u8, next[i]);
            Link(output, "/First"u8, first[i]);
            Link(output, "/Last"u8, last[i]);
            if (counts[i] > 0)
            {
                output.Write("/Count "u8).Write(counts[i]);
            }

            output.Write(">>"u8);
        }

        return root;

        void Link(PdfBuffer output, ReadOnlySpan<byte> name, int entry)
        {
            if (entry >= 0)
            {
                output.Write(name).Reference(numbers[entry]);
            }
        }
    }
}
