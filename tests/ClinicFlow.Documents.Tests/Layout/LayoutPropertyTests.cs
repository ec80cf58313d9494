using System.Collections.Immutable;
using System.Text;
using ClinicFlow.Documents.Layout;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;
using ClinicFlow.Documents.Model.Reading;
using ClinicFlow.Documents.Package;
using Xunit;

namespace ClinicFlow.Documents.Tests.Layout;

/// <summary>What holds of every layout, over documents made at random (from fixed seeds) and over the corpus.</summary>
public sealed class LayoutPropertyTests
{
    private static readonly string[] Words = ["a", "of", "patient", "Straße", "naïve", "well-being", "x", "שלום", "مرحبا", "漢字仮名", "e\u0301cole", "fiancée", "supercalifragilisticexpialidocious", "12,345.67", "–", "한국어"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Every_character_is_on_exactly_one_page_and_no_line_leaves_its_room(int seed)
    {
        var random = new Random(seed);
        var section = new Section { Page = new(new(260), new(320), false), Margins = new(new(40), new(40), new(40), new(40), new(10), new(10), default) };
        ImmutableArray<Block> blocks = [.. Enumerable.Range(0, 30).Select(_ => RandomBlock(random, depth: 0))];
        var document = Typeset.Document(new DocumentSettings { CompatibilityMode = seed % 2 == 0 ? 15 : 12 }, section with { Blocks = blocks });

        var laid = Typeset.Lay(document);

        var expected = Letters(TextOf(blocks));
        var actual = Letters(string.Concat(laid.Pages.SelectMany(page => page.Placements).Select(placement => placement.Fragment.Text)));
        Assert.Equal(Sorted(expected), Sorted(actual));
        foreach (var page in laid.Pages)
        {
            foreach (var line in Typeset.LinesOf(page))
            {
                Assert.True(line.Y is >= 40 and <= 280.01, Typeset.Lines(laid) + line);
                Assert.True(line.X >= 40 - 6, $"{line}");
                Assert.True(line.X + WidthWithoutTrailingSpace(line) <= 220 + 6, $"{line}");
            }
        }
    }

    [Fact]
    public void The_same_document_gives_the_same_pages()
    {
        var random = new Random(7);
        var document = Typeset.Document([.. Enumerable.Range(0, 40).Select(_ => RandomBlock(random, depth: 0))]);

        Assert.Equal(Typeset.Lines(Typeset.Lay(document)), Typeset.Lines(Typeset.Lay(document)));
    }

    [Fact]
    public void Structure_numbers_exist_and_every_node_has_a_parent_before_it()
    {
        var random = new Random(8);
        var laid = Typeset.Lay(Typeset.Document([.. Enumerable.Range(0, 40).Select(_ => RandomBlock(random, depth: 0))]));

        Assert.All(laid.Structure.Nodes.Select((node, id) => (node, id)).Skip(1), pair => Assert.InRange(pair.node.Parent, 0, pair.id - 1));
        foreach (var placement in laid.Pages.SelectMany(page => page.Placements).Where(placement => placement.StructureBase >= 0))
        {
            Assert.All(placement.Fragment.Items, item => Assert.True(item.Structure == PageItem.Artifact || placement.StructureBase + item.Structure < laid.Structure.Nodes.Length));
        }
    }

    [Theory]
    [InlineData("tables in tables")]
    [InlineData("one endless word")]
    [InlineData("a row higher than many pages")]
    [InlineData("indents that leave nothing")]
    [InlineData("a margin wider than the page")]
    [InlineData("a thousand floats")]
    [InlineData("a header higher than the page")]
    public void Hostile_documents_are_laid_out_in_bounded_time(string kind)
    {
        var text = Typeset.Paragraph(string.Join(' ', Enumerable.Repeat("word", 50)));
        var (settings, section) = (new DocumentSettings(), new Section());
        Block nested = text;
        for (var i = 0; i < 60; i++)
        {
            nested = new Table { Grid = [new(200)], Rows = [new() { Cells = [new() { Blocks = [nested, text] }] }] };
        }

        section = kind switch
        {
            "tables in tables" => section with { Blocks = [nested] },
            "one endless word" => section with { Blocks = [Typeset.Paragraph(new string('x', 200_000))] },
            "a row higher than many pages" => section with { Blocks = [new Table { Grid = [new(100)], IsFixed = true, Rows = [new() { CannotSplit = true, Height = new(31_000), Cells = [new() { Blocks = [text] }] }] }] },
            "indents that leave nothing" => section with { Blocks = [Typeset.Paragraph("some text", new() { IndentStart = new(900), IndentEnd = new(900) })] },
            "a margin wider than the page" => section with { Margins = new(new(900), new(900), new(900), new(900), new(900), new(900), new(100)), Blocks = [text] },
            "a header higher than the page" => section with { Headers = new(new([.. Enumerable.Repeat<Block>(text, 60)]), null, null), Blocks = [text] },
            _ => section with
            {
                Blocks = [Typeset.Paragraph("text") with
                {
                    Inlines = [.. Enumerable.Range(0, 1000).Select(i => new Drawing
                    {
                        Format = Typeset.Characters(), Width = new(90), Height = new(20), Content = new ShapeContent { Geometry = Geometry.Rectangle },
                        Anchor = new() { Horizontal = new(FloatFrom.Page, FloatAlign.Offset, new(i % 500)), Vertical = new(FloatFrom.Page, FloatAlign.Offset, new(i % 700)), Wrap = new(WrapKind.Square, WrapSide.Both, default, []) },
                    }), .. text.Inlines],
                }],
            },
        };

        var laid = Typeset.Lay(Typeset.Document(settings, section));

        Assert.InRange(laid.Pages.Count, 1, 5000);
    }

    [Fact]
    public void Every_real_document_is_laid_out()
    {
        var failed = new List<string>();
        foreach (var file in Corpus.Documents())
        {
            try
            {
                using var stream = File.OpenRead(file);
                var document = DocumentReader.Read(OpcPackage.Open(stream, PackageLimits.Default, allowMacros: true), PackageLimits.Default);
                Assert.NotEmpty(DocumentLayout.Lay(document, Typeset.Fonts, stop: TestContext.Current.CancellationToken).Pages);
            }
            catch (Exception e) when (e is not ClinicFlowException)
            {
                failed.Add($"{Path.GetFileName(file)}: {e.GetType().Name} {e.Message}");
            }
        }

        Assert.Empty(failed);
    }

    private static Block RandomBlock(Random random, int depth)
    {
        if (depth < 2 && random.Next(6) == 0)
        {
            var columns = random.Next(1, 4);
            return new Table
            {
                Grid = [.. Enumerable.Repeat(new Pt(180.0 / columns), columns)],
                IsFixed = true,
                Rows = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => new TableRow
                {
                    CannotSplit = random.Next(3) == 0,
                    Cells = [.. Enumerable.Range(0, columns).Select(_ => new TableCell { Blocks = [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => RandomBlock(random, 2))] })],
                })],
            };
        }

        var format = new ParagraphFormat
        {
            Alignment = (ParagraphAlignment)random.Next(4),
            IsRightToLeft = random.Next(8) == 0,
            KeepsLines = random.Next(6) == 0,
            KeepsWithNext = random.Next(5) == 0,
            SpaceAfter = new(random.Next(12)),
            SpaceBefore = new(random.Next(12)),
            LineSpacing = new((LineRule)random.Next(3), new(15), 1 + random.NextDouble()),
        };
        var text = string.Join(' ', Enumerable.Range(0, random.Next(40)).Select(_ => Words[random.Next(Words.Length)]));
        return Typeset.Paragraph(text, format, Typeset.Characters(7 + random.Next(5), random.Next(2) == 0 ? "Arial" : "Calibri"));
    }

    private static string TextOf(IEnumerable<Block> blocks)
    {
        var text = new StringBuilder();
        foreach (var block in blocks)
        {
            if (block is Table table)
            {
                text.Append(TextOf(table.Rows.SelectMany(row => row.Cells).SelectMany(cell => cell.Blocks)));
            }
            else
            {
                text.AppendJoin("", ((Paragraph)block).Inlines.OfType<TextRun>().Select(run => run.Text));
            }
        }

        return text.ToString();
    }

    private static string Letters(string text) => string.Concat(text.Where(c => c != ' '));

    private static string Sorted(string text) => string.Concat(text.Order());

    private static double WidthWithoutTrailingSpace(Typeset.TextLine line) =>
        line.Text.Trim() == line.Text ? line.Right - line.X : Math.Min(line.Right - line.X, 180);
}
