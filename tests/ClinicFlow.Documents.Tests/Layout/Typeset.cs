using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using ClinicFlow.Documents.Fonts;
using ClinicFlow.Documents.Layout;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Tests.Layout;

/// <summary>Builds small documents, lays them out with the real fonts, and tells where things are. Only this class knows the layout's types.</summary>
internal static class Typeset
{
    public static readonly FontSet Fonts = new(FontLibrary.OfSystem);

    public static CharacterFormat Characters(double size = 11, string font = "Calibri") => new()
    {
        Fonts = new(font, font, font, font),
        Size = new(size),
        ComplexSize = new(size),
    };

    public static Paragraph Paragraph(string text, ParagraphFormat? format = null, CharacterFormat? characters = null)
    {
        characters ??= Characters();
        return new()
        {
            Format = format ?? new ParagraphFormat(),
            MarkFormat = characters,
            Inlines = Inlines(text, characters),
        };
    }

    /// <summary>Text with \t for tabs, \n for line breaks, \f for page breaks, \v for column breaks.</summary>
    public static ImmutableArray<Documents.Model.Inline> Inlines(string text, CharacterFormat characters)
    {
        var inlines = ImmutableArray.CreateBuilder<Documents.Model.Inline>();
        var start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] is not ('\t' or '\n' or '\f' or '\v'))
            {
                continue;
            }

            if (i > start)
            {
                inlines.Add(new TextRun(text[start..i]) { Format = characters });
            }

            start = i + 1;
            if (i < text.Length)
            {
                inlines.Add(text[i] switch
                {
                    '\t' => new Tab { Format = characters },
                    '\n' => new Break(BreakKind.Line) { Format = characters },
                    '\f' => new Break(BreakKind.Page) { Format = characters },
                    _ => new Break(BreakKind.Column) { Format = characters },
                });
            }
        }

        return inlines.ToImmutable();
    }

    public static WordDocument Document(params ImmutableArray<Block> blocks) => Document(new DocumentSettings { CompatibilityMode = 15 }, new Section { Blocks = blocks });

    public static WordDocument Document(DocumentSettings settings, params ImmutableArray<Section> sections) => new()
    {
        Settings = settings,
        Sections = sections,
        DefaultCharacters = Characters(),
    };

    public static LaidDocument Lay(WordDocument document) => DocumentLayout.Lay(document, Fonts);

    /// <summary>Every line of text: page, x, baseline, text; sorted as painted.</summary>
    public static string Lines(LaidDocument document)
    {
        var text = new StringBuilder();
        foreach (var (page, lines) in document.Pages.Select((page, index) => (index + 1, LinesOf(page))))
        {
            foreach (var line in lines)
            {
                text.Append(CultureInfo.InvariantCulture, $"{page} {line.X:0.0} {line.Y:0.0} {line.Text}\n");
            }
        }

        return text.ToString();
    }

    public static string Lines(params ImmutableArray<Block> blocks) => Lines(Lay(Document(blocks)));

    public sealed record TextLine(double X, double Y, double Right, string Text);

    public static List<TextLine> LinesOf(LaidPage page)
    {
        var lines = new List<TextLine>();
        var worked = Array.Empty<LaidGlyph>();
        foreach (var placement in page.Placements)
        {
            foreach (var run in placement.Fragment.Runs)
            {
                var x = placement.X + run.X;
                var y = placement.Y + run.Baseline;
                var width = 0.0;
                var glyphs = placement.Fragment.GlyphsOf(run, ref worked);
                for (var g = 0; g < glyphs.Length; g++)
                {
                    width += placement.Fragment.AdvanceOf(run, glyphs, g);
                }

                var text = placement.Fragment.Text.Substring(run.TextStart, run.TextLength);
                if (lines.Count > 0 && Math.Abs(lines[^1].Y - y) < 0.01 && Math.Abs(lines[^1].Right - x) < 0.01)
                {
                    lines[^1] = lines[^1] with { Right = x + width, Text = lines[^1].Text + text };
                }
                else
                {
                    lines.Add(new(x, y, x + width, text));
                }
            }
        }

        return lines;
    }
}
