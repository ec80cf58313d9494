using ClinicFlow.Documents.Engines;
using ClinicFlow.Documents.Layout;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Tests.Layout;
using ClinicFlow.Documents.Tests.Merge;
using Xunit;

namespace ClinicFlow.Documents.Tests.Equations;

/// <summary>A document with equations, laid with the real fonts: where its signs and lines are. Points from the page's upper left corner, y down.</summary>
internal sealed class SetEquation
{
    /// <summary>The text begins and ends here (page of 595.3 pt, margins of 70.85 pt).</summary>
    public const double Left = 70.85;
    public const double Right = 524.45;

    /// <summary>A sign as it is drawn: its outline's box, its size.</summary>
    public sealed record Sign(string Text, double Left, double Top, double Right, double Bottom, double Baseline, double Size)
    {
        public double Height => Bottom - Top;

        public double Middle => (Top + Bottom) / 2;

        public double Center => (Left + Right) / 2;
    }

    /// <summary>A filled rectangle.</summary>
    public sealed record Rule(double Left, double Top, double Right, double Bottom)
    {
        public double Middle => (Top + Bottom) / 2;
    }

    private SetEquation(LaidDocument document)
    {
        Document = document;
        foreach (var placement in document.Pages.SelectMany(page => page.Placements))
        {
            var fragment = placement.Fragment;
            foreach (var run in fragment.Runs)
            {
                Signs.AddRange(SignsOf(fragment, run, placement.X, placement.Y));
            }

            Rules.AddRange(fragment.Fills.Select(fill => new Rule(placement.X + fill.X, placement.Y + fill.Y, placement.X + fill.X + fill.Width, placement.Y + fill.Y + fill.Height)));
        }
    }

    public LaidDocument Document { get; }

    /// <summary>In the order in which they are painted and read.</summary>
    public List<Sign> Signs { get; } = [];

    public List<Rule> Rules { get; } = [];

    public string Text => string.Concat(Signs.Select(sign => sign.Text));

    public Sign this[string text] => Assert.Single(Signs, sign => sign.Text == text);

    /// <summary>Lays the paragraphs of a body; nothing in them may be refused.</summary>
    public static SetEquation Of(string body, string settings = "")
    {
        var read = new NativeEngine().Read(Docx(body, settings));
        Assert.Equal([], read.Unfaithful.Select(found => $"{found.Code}: {found.What}"));
        return new(DocumentLayout.Lay(read, Typeset.Fonts));
    }

    public static byte[] Docx(string body, string settings = "") => WordFile.FromBody(
        body,
        ("word/settings.xml", $"<w:settings {WordFile.Names} {Omml.Names}>{(settings.Length > 0 ? $"<m:mathPr>{settings}</m:mathPr>" : "")}</w:settings>"),
        ("word/styles.xml", $"<w:styles {WordFile.Names}><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"Calibri\" w:hAnsi=\"Calibri\"/><w:sz w:val=\"22\"/></w:rPr></w:rPrDefault></w:docDefaults></w:styles>"));

    private static List<Sign> SignsOf(Fragment fragment, GlyphRun run, double x, double y)
    {
        var text = fragment.Text.AsSpan(run.TextStart, run.TextLength).ToString();
        var scale = run.Size / run.Face.UnitsPerEm;
        LaidGlyph[] room = [];
        var glyphs = fragment.GlyphsOf(run, ref room).ToArray();
        var (pen, baseline) = (x + run.X, y + run.Baseline);
        var signs = new List<Sign>();
        foreach (var (glyph, index) in glyphs.Select((glyph, index) => (glyph, index)))
        {
            var (left, bottom, right, top) = run.Face.BoundsOf(glyph.Id);
            var (originX, originY) = (pen + glyph.OffsetX, baseline + glyph.OffsetY);
            pen += fragment.AdvanceOf(run, glyphs, index);
            if (top == bottom)
            {
                continue;
            }

            var next = index + 1 < glyphs.Length ? glyphs[index + 1].Cluster : run.TextStart + run.TextLength;
            var shown = next > glyph.Cluster ? fragment.Text[glyph.Cluster..next] : text;
            var sign = new Sign(shown, originX + (left * scale), originY - (top * scale), originX + (right * scale), originY - (bottom * scale), baseline, run.Size);

            // Pieces of one cluster are one sign.
            var isPiece = index > 0 && glyphs[index - 1].Cluster == glyph.Cluster && signs.Count > 0;
            if (isPiece)
            {
                var last = signs[^1];
                signs[^1] = sign with { Text = shown, Left = Math.Min(last.Left, sign.Left), Top = Math.Min(last.Top, sign.Top), Right = Math.Max(last.Right, sign.Right), Bottom = Math.Max(last.Bottom, sign.Bottom) };
            }
            else
            {
                signs.Add(sign);
            }
        }

        return signs;
    }
}
