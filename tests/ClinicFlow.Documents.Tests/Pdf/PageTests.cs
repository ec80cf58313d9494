using System.Text;
using System.Text.RegularExpressions;
using ClinicFlow.Documents.Fonts;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Pdf;
using Xunit;

namespace ClinicFlow.Documents.Tests.Pdf;

/// <summary>Everything on a page but its words, and what the file says of itself.</summary>
public sealed class PageTests
{
    public static TheoryData<string> PictureKinds => [.. Pictures.Keys];

    private static Dictionary<string, Func<byte[]>> Pictures { get; } = new()
    {
        ["PNG grey 1 bit"] = () => PictureMaker.Png(0, 1),
        ["PNG grey 8 bits"] = () => PictureMaker.Png(0, 8),
        ["PNG grey 16 bits"] = () => PictureMaker.Png(0, 16),
        ["PNG RGB"] = () => PictureMaker.Png(2, 8),
        ["PNG RGB 16 bits"] = () => PictureMaker.Png(2, 16),
        ["PNG palette 2 bits"] = () => PictureMaker.Png(3, 2),
        ["PNG palette, one transparent"] = () => PictureMaker.Png(3, 8, transparency: [255, 0]),
        ["PNG grey with alpha"] = () => PictureMaker.Png(4, 8),
        ["PNG RGB with alpha"] = () => PictureMaker.Png(6, 8),
        ["PNG RGB with alpha, 16 bits"] = () => PictureMaker.Png(6, 16),
        ["JPEG"] = () => PictureMaker.FromPage("-jpeg"),
        ["TIFF"] = () => PictureMaker.FromPage("-tiff"),
        ["GIF"] = PictureMaker.Gif,
        ["BMP"] = () => PictureMaker.Bmp(),
    };

    [Theory]
    [MemberData(nameof(PictureKinds))]
    public void A_picture_of_each_kind_is_drawn(string kind)
    {
        var source = new PictureSource(Pictures[kind](), "picture");
        Assert.Null(PdfPicture.Check(source));
        var pdf = PdfTool.Write(LaidText.Document(Of(new Picture(source, new(200, 0, 0, 150, 0, 0)))));

        PdfTool.CheckFile(pdf);
        Assert.True(InkIn(pdf, 72, 72, 200, 150) > (kind is "JPEG" or "TIFF" ? 0.005 : 0.1), "nothing was drawn");
        Assert.Contains(kind.Contains("alpha", StringComparison.Ordinal) || kind.Contains("transparent", StringComparison.Ordinal) ? "smask" : "image", PdfTool.Run(pdf, "pdfimages", "-list", "FILE"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_picture_is_refused_with_its_name_and_never_crashes()
    {
        var random = new Random(4711);
        var refused = 0;
        foreach (var make in Pictures.Values)
        {
            var original = make();
            for (var i = 0; i < 25; i++)
            {
                var file = i % 5 == 0 ? original[..random.Next(original.Length)] : [.. original];
                for (var hits = random.Next(1, 12); hits > 0 && file.Length > 0; hits--)
                {
                    file[random.Next(file.Length)] = (byte)random.Next(256);
                }

                var source = new PictureSource(file, "image1");
                if (PdfPicture.Check(source) is not null)
                {
                    var e = Assert.Throws<PictureUnusableException>(() => PdfTool.Write(LaidText.Document(Of(new Picture(source, new(10, 0, 0, 10, 0, 0))))));
                    Assert.Equal("picture-unusable", e.Code);
                    Assert.Contains("image1", e.Message, StringComparison.Ordinal);
                    refused++;
                }
            }
        }

        Assert.True(refused > 50, $"only {refused} were refused");
        Assert.Equal("is neither PNG, JPEG, GIF, BMP nor TIFF", PdfPicture.Check(new(Encoding.ASCII.GetBytes("hello"), "x")));
        Assert.NotNull(PdfPicture.Check(new(Array.Empty<byte>(), "x")));
    }

    [Fact]
    public void A_picture_with_too_many_pixels_is_refused_before_it_is_decoded()
    {
        var bomb = PictureMaker.Bmp();
        BitConverter.TryWriteBytes(bomb.AsSpan(18), 60_000);
        BitConverter.TryWriteBytes(bomb.AsSpan(22), 60_000);
        Assert.Contains("million pixels", PdfPicture.Check(new(bomb, "x")), StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_are_cropped_turned_and_see_through()
    {
        var source = new PictureSource(PictureMaker.Png(3, 2), "stripes"); // red, green, blue, yellow from left to right
        var cropped = new Picture(source, new(100, 0, 0, 100, 0, 0)) { CropLeft = 0.25f, CropRight = 0.5f };
        var turned = new Picture(source, Matrix.Turn(90, 0, 0).Then(new(100, 0, 0, 100, 300, 0)));
        var faint = new Picture(source, new(100, 0, 0, 100, 0, 200)) { Opacity = 0.5f };
        var pdf = PdfTool.Write(LaidText.Document(Of(cropped, turned, faint)));

        PdfTool.CheckFile(pdf);
        var page = new Pixels(pdf);
        Assert.Equal((0, 160, 0), page.At(72 + 10, 72 + 50));
        Assert.Equal((0, 160, 0), page.At(72 + 90, 72 + 50));

        // Turned clockwise, left has become top.
        Assert.Equal((255, 0, 0), page.At(72 + 250, 72 + 10));
        Assert.Equal((255, 200, 0), page.At(72 + 250, 72 + 90));
        var (red, green, blue) = page.At(72 + 10, 72 + 250);
        Assert.True(red == 255 && green is > 120 and < 135 && blue is > 120 and < 135, $"{red} {green} {blue}");
    }

    [Fact]
    public void Fills_strokes_and_shapes_have_their_colours_and_places()
    {
        var fragment = new Fragment
        {
            Items = [new(PageItemKind.Fill, 0, -1), new(PageItemKind.Stroke, 0, -1), new(PageItemKind.Stroke, 1, -1), new(PageItemKind.Shape, 0, -1), new(PageItemKind.Shape, 1, -1), new(PageItemKind.Fill, 1, -1)],
            Fills = [new(0, 0, 100, 20, Paint.Rgb(0x3366CC)), new(120, 0, 50, 20, new(0x80FF0000))],
            Strokes = [new(0, 40, 200, 40, 4, Paint.Rgb(0x00AA00), DashKind.Solid), new(0, 60, 200, 60, 2, Paint.Black, DashKind.RoundDotted)],
            Shapes =
            [
                new([PathVerb.Move, PathVerb.Line, PathVerb.Line, PathVerb.Close], [new(0, 80), new(100, 80), new(0, 180)], Paint.Rgb(0xFFFF00), Paint.Rgb(0xFF0000), 2, DashKind.Solid),
                new([PathVerb.Move, PathVerb.Curve, PathVerb.Close], [new(120, 80), new(220, 80), new(220, 180), new(120, 180)], Paint.Rgb(0x8800AA), null, 1, DashKind.Solid),
            ],
        };
        var pdf = PdfTool.Write(LaidText.Document(fragment));

        PdfTool.CheckFile(pdf);
        var page = new Pixels(pdf);
        Assert.Equal((0x33, 0x66, 0xCC), page.At(72 + 50, 72 + 10));
        Assert.Equal((255, 255, 255), page.At(72 + 50, 72 + 25));
        Assert.Equal((0, 0xAA, 0), page.At(72 + 100, 72 + 40));
        Assert.Equal((255, 255, 0), page.At(72 + 20, 72 + 100));
        Assert.Equal((255, 255, 255), page.At(72 + 90, 72 + 160));
        Assert.Equal((0x88, 0, 0xAA), page.At(72 + 150, 72 + 130));
        Assert.True(page.At(72 + 140, 72 + 10) is (255, > 120 and < 135, > 120 and < 135));
    }

    [Fact]
    public void Content_is_clipped_and_turned()
    {
        var block = new Fragment { Items = [new(PageItemKind.Fill, 0, -1)], Fills = [new(0, 0, 100, 20, Paint.Rgb(0x112233))] };
        var document = LaidText.Document();
        var pdf = PdfTool.Write(With(document,
            new Placement(block, 100, 100, 0) { Clip = new(new(100, 100, 50, 100)) },
            new Placement(block, 300, 300, 0) { Transform = Matrix.Turn(90, 0, 0) }));

        PdfTool.CheckFile(pdf);
        var page = new Pixels(pdf);
        Assert.Equal((0x11, 0x22, 0x33), page.At(110, 110));
        Assert.Equal((255, 255, 255), page.At(190, 110));
        Assert.Equal((0x11, 0x22, 0x33), page.At(290, 390)); // what ran to the right runs down, and what hung down hangs to the left
        Assert.Equal((255, 255, 255), page.At(390, 310));
    }

    [Fact]
    public void Bold_and_italic_that_no_face_has_are_drawn()
    {
        var plain = InkIn(PdfTool.Write(LaidText.Document(LaidText.Line("☑☒★", "Noto Sans Symbols2", 40))), 60, 30, 300, 60);
        var pdf = PdfTool.Write(LaidText.Document(LaidText.Line("☑☒★", "Noto Sans Symbols2", 40, FontStyle.BoldItalic), LaidText.Line("after", "Calibri", 40)));

        PdfTool.CheckFile(pdf);
        Assert.True(InkIn(pdf, 60, 30, 300, 60) > plain * 1.05);
        Assert.Equal(["☑☒★", "after"], PdfTool.Text(pdf));
    }

    [Fact]
    public void Headings_lists_tables_figures_and_links_are_tagged()
    {
        var pdf = PdfTool.Write(Tagged());

        PdfTool.CheckFile(pdf);
        var tree = PdfTool.Run(pdf, "pdfinfo", "-struct-text", "FILE");
        Assert.Equal("""
            Document
              H1
                "Report"
              P
                "See "
                Link
                  "the site"
                  Object 11 0
              L
                LI
                  Lbl
                    "1."
                  LBody
                    "First"
              Table
                TR
                  TH
                    "Name"
                  TD
                    "Zoë"
              Figure
                ""
            """, Regex.Replace(tree.Replace(" (block)", "", StringComparison.Ordinal).Replace(" (inline)", "", StringComparison.Ordinal), @"Object \d+ 0|:?\n +/.*", match => match.Value.StartsWith("Object", StringComparison.Ordinal) ? "Object 11 0" : "").TrimEnd().Trim().ReplaceLineEndings("\n"));
        Assert.Contains("Alt", Objects(pdf), StringComparison.Ordinal);
    }

    [Fact]
    public void Links_lead_out_and_into_the_document()
    {
        var pdf = PdfTool.Write(Tagged());
        using var document = UglyToad.PdfPig.PdfDocument.Open(pdf);
        var annotations = document.GetPage(1).GetAnnotations().ToArray();

        Assert.Equal(2, annotations.Length);
        Assert.All(annotations, a => Assert.Equal("Link", a.Type.ToString()));
        Assert.Contains("https://example.org/%C3%A9?a=(b)", Objects(pdf), StringComparison.Ordinal);
        Assert.Equal(72, annotations[0].Rectangle.Left, 0.1);
    }

    [Fact]
    public void The_outline_is_a_tree_of_the_headings()
    {
        var document = new LaidDocumentBuilder(LaidText.Document(LaidText.Line("x"))).WithOutline(("One", 1), ("One.One", 2), ("One.One.One", 3), ("Two ü", 1), ("Two.deep", 4)).Document;
        var pdf = PdfTool.Write(document);

        PdfTool.CheckFile(pdf);
        using var read = UglyToad.PdfPig.PdfDocument.Open(pdf);
        Assert.True(read.TryGetBookmarks(out var bookmarks));
        Assert.Equal(["0 One", "1 One.One", "2 One.One.One", "0 Two ü", "1 Two.deep"], bookmarks.GetNodes().Select(node => $"{node.Level} {node.Title}"));
    }

    [Fact]
    public void The_file_holds_the_rules_of_an_archive()
    {
        var created = new DateTimeOffset(2026, 11, 25, 21, 0, 0, TimeSpan.FromHours(1));
        var pdf = PdfTool.Write(Tagged(), options: new() { Created = created });
        var objects = Objects(pdf);

        // ISO 19005-2: 6.6.2 metadata agree, 6.2.3 output intent, 6.2.11 fonts embedded with their widths, 6.1.3 an id, no encryption, 6.5.3 annotations print.
        var info = PdfTool.Run(pdf, "pdfinfo", "-isodates", "FILE");
        Assert.Contains("Tagged:          yes", info, StringComparison.Ordinal);
        Assert.Contains("2026-11-25T21:00:00+01", info, StringComparison.Ordinal);
        var metadata = PdfTool.Run(pdf, "pdfinfo", "-meta", "FILE");
        Assert.Contains("<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>", metadata, StringComparison.Ordinal);
        Assert.Contains("<rdf:li xml:lang=\"x-default\">A title (with brackets)</rdf:li>", metadata, StringComparison.Ordinal);
        Assert.Contains("<xmp:CreateDate>2026-11-25T21:00:00+01:00</xmp:CreateDate>", metadata, StringComparison.Ordinal);
        Assert.Contains("/GTS_PDFA1", objects, StringComparison.Ordinal);
        Assert.DoesNotContain("/Encrypt", objects, StringComparison.Ordinal);
        Assert.DoesNotContain("/JavaScript", objects, StringComparison.Ordinal);
        Assert.DoesNotContain("DeviceCMYK", objects, StringComparison.Ordinal);
        Assert.Equal(Regex.Count(objects, "\"/Type\": \"/FontDescriptor\""), Regex.Count(objects, "\"/FontFile[23]\":"));
        Assert.Equal(Regex.Count(objects, "\"/Subtype\": \"/Link\""), Regex.Count(objects, "\"/F\": 4"));
    }

    [Fact]
    public void Widths_in_the_file_are_those_of_the_font_program()
    {
        // ISO 19005-2, 6.2.11.5: they may differ by a thousandth of the em. Asked of the font that lies in the file.
        foreach (var (text, family) in new[] { ("Hamburg é", "Calibri"), ("日本語", "Times New Roman"), ("Hamburg", "Aptos") })
        {
            var use = LaidText.Line(text, family);
            var face = use.Runs[0].Face;
            var bits = new ulong[(face.GlyphCount + 63) / 64];
            foreach (var glyph in use.Glyphs)
            {
                bits[glyph.Id >> 6] |= 1UL << (glyph.Id & 63);
            }

            var subset = FontSubset.Make(new PdfFace(face), bits, null);
            using var inflated = new System.IO.Compression.ZLibStream(new MemoryStream(subset.Program), System.IO.Compression.CompressionMode.Decompress);
            using var program = new MemoryStream();
            inflated.CopyTo(program);
            Assert.Equal(subset.ProgramLength, program.Length);
            if (face.Outlines != OutlineKind.TrueType)
            {
                continue;
            }

            var tables = TableDirectory.Read(program.ToArray(), 0)!;
            var (offset, length) = tables[FontFace.Tag("hmtx")];
            var hmtx = program.ToArray().AsSpan(offset, length).ToArray();
            Assert.All(use.Glyphs, glyph => Assert.Equal(face.AdvanceOf(glyph.Id), (hmtx[4 * glyph.Id] << 8) | hmtx[(4 * glyph.Id) + 1]));
            Assert.DoesNotContain(FontFace.Tag("GSUB"), tables.Keys);
        }
    }

    [Fact]
    public void A_simple_font_has_its_characters_in_the_program_at_the_widths_that_the_file_says()
    {
        // ISO 19005-2, 6.2.11.6: a font that is not symbolic has WinAnsiEncoding, and its program a map of Windows' characters.
        var use = LaidText.Line("Hamburg é – (€)", "Calibri");
        var face = use.Runs[0].Face;
        var known = new PdfFace(face);
        var bits = new ulong[(face.GlyphCount + 63) / 64];
        foreach (var glyph in use.Glyphs)
        {
            bits[glyph.Id >> 6] |= 1UL << (glyph.Id & 63);
        }

        known.Widen(bits);
        var subset = FontSubset.Make(known, bits, null);
        using var inflated = new System.IO.Compression.ZLibStream(new MemoryStream(subset.Program), System.IO.Compression.CompressionMode.Decompress);
        using var program = new MemoryStream();
        inflated.CopyTo(program);
        var tables = TableDirectory.Read(program.ToArray(), 0)!;
        var (offset, length) = tables[FontFace.Tag("cmap")];
        var characters = CharacterMap.ReadWindows(new FontData(program.ToArray()).Slice(offset, length), face.GlyphCount)!;
        var widths = Encoding.ASCII.GetString(subset.ByteWidths).Trim('[', ']', ' ').Split(' ').Select(width => double.Parse(width, System.Globalization.CultureInfo.InvariantCulture)).ToArray();

        Assert.Equal(256 - ByteCodes.First, widths.Length);
        foreach (var character in "Hamburg é – (€)")
        {
            Assert.Equal(face.GlyphOf(character), characters.GlyphOf(character));
            Assert.Equal(face.AdvanceOf(face.GlyphOf(character)) * 1000.0 / face.UnitsPerEm, widths[known.Bytes!.CodeOf(character) - ByteCodes.First], 0.001);
        }
    }

    [Fact]
    public void The_colour_profile_is_one_that_others_can_read()
    {
        var profile = ColorProfile.Bytes.ToArray();
        Assert.Equal(profile.Length, System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(profile));
        Assert.Equal("acsp", Encoding.ASCII.GetString(profile, 36, 4));

        // The three primaries add up to the white of the connection space.
        var sums = new double[3];
        for (var tag = 0; tag < 10; tag++)
        {
            var name = Encoding.ASCII.GetString(profile, 132 + (12 * tag), 4);
            var offset = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(profile.AsSpan(136 + (12 * tag)));
            Assert.Equal(0, offset % 4);
            for (var i = 0; i < 3 && name is "rXYZ" or "gXYZ" or "bXYZ" && i < 3; i++)
            {
                sums[i] += System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(profile.AsSpan(offset + 8 + (4 * i))) / 65536.0;
            }
        }

        Assert.Equal(0.9642, sums[0], 0.0002);
        Assert.Equal(1.0, sums[1], 0.0002);
        Assert.Equal(0.8249, sums[2], 0.0005);
    }

    [Fact]
    public void An_empty_page_is_a_page()
    {
        var pdf = PdfTool.Write(LaidText.Document());
        PdfTool.CheckFile(pdf);
        Assert.Contains("Pages:           1", PdfTool.Run(pdf, "pdfinfo", "FILE"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_document_of_many_pages_and_nodes_is_well_formed()
    {
        var nodes = new List<StructureNode> { new(StructureRole.Document, -1) };
        var line = LaidText.Line("Row of a long table", isShared: true);
        var pages = new List<LaidPage>();
        for (var p = 0; p < 60; p++)
        {
            var placements = new List<Placement>();
            for (var i = 0; i < 50; i++)
            {
                placements.Add(new(line, 72, 40 + (15 * i), nodes.Count));
                nodes.Add(new(StructureRole.Paragraph, 0));
            }

            pages.Add(new(595, 842, placements));
        }

        var pdf = PdfTool.Write(new() { Pages = pages, Structure = new([.. nodes]), Destinations = [], Outline = [], Facts = new(null, null, null, null, "") });
        Assert.Contains("No syntax or stream encoding errors", PdfTool.Run(pdf, "qpdf", "--check", "FILE"), StringComparison.Ordinal);
        Assert.Equal(3000, PdfTool.Text(pdf).Length);
        Assert.True(pdf.Length < 150_000, $"{pdf.Length} bytes");
    }

    [Theory]
    [InlineData("TableHeaderCell", "/S/TH", "/A<</O/Table/Scope/Column>>")]
    [InlineData("TableRowHeaderCell", "/S/TH", "/A<</O/Table/Scope/Row>>")]
    [InlineData("TableCell", "/S/TD", "")]
    public void A_header_cell_says_whether_it_is_of_its_column_or_its_row(string role, string type, string attributes)
    {
        var nodes = new StructureNode[] { new(StructureRole.Document, -1), new(StructureRole.Table, 0), new(StructureRole.TableRow, 1), new(Enum.Parse<StructureRole>(role), 2) };
        var pdf = PdfTool.Write(new() { Pages = [new(595, 842, [new(LaidText.Line("Name"), 72, 90, 3)])], Structure = new([.. nodes]), Destinations = [], Outline = [], Facts = new(null, null, null, null, "") });

        PdfTool.CheckFile(pdf);
        var plain = PdfTool.Run(pdf, "qpdf", "--qdf", "--object-streams=disable", "FILE", "-");
        var element = Regex.Matches(plain, @"<<[^<>]*(<<[^<>]*>>)?[^<>]*>>").Select(match => Regex.Replace(match.Value, @"\s+", "")).Single(text => text.Contains(type, StringComparison.Ordinal));
        Assert.Equal(attributes.Length > 0, element.Contains("/Scope", StringComparison.Ordinal));
        Assert.Contains(attributes, element, StringComparison.Ordinal);
    }

    private static LaidDocument Tagged()
    {
        var nodes = new StructureNode[]
        {
            new(StructureRole.Document, -1),
            new(StructureRole.Heading1, 0),
            new(StructureRole.Paragraph, 0),
            new(StructureRole.Link, 2),
            new(StructureRole.List, 0),
            new(StructureRole.ListItem, 4),
            new(StructureRole.ListLabel, 5),
            new(StructureRole.ListBody, 5),
            new(StructureRole.Table, 0),
            new(StructureRole.TableRow, 8),
            new(StructureRole.TableHeaderCell, 9) { ColumnSpan = 2 },
            new(StructureRole.TableCell, 9) { Language = "de" },
            new(StructureRole.Figure, 0) { AlternativeText = "Four stripes" },
            new(StructureRole.Paragraph, 0),
        };
        var link = new LaidText().Add("See ", structure: 0).Add("the site", baseline: 20, structure: 1).Build();
        link = new Fragment
        {
            Items = link.Items, Runs = link.Runs, Glyphs = link.Glyphs, Text = link.Text,
            Links = [new(new(0, -10, 60, 12), "https://example.org/é?a=(b)", null, 1), new(new(0, 10, 60, 12), null, "place", -1), new(new(0, 30, 60, 12), null, "nowhere", -1)],
        };
        Placement At(Fragment fragment, int node, double y) => new(fragment, 72, y, node);
        var picture = new Fragment { Items = [new(PageItemKind.Picture, 0, 0)], Pictures = [new(new(PictureMaker.Png(6, 8), "stripes"), new(100, 0, 0, 60, 0, 0))] };
        var header = new LaidText().Add("Header", structure: -1).Build();
        return new()
        {
            Pages =
            [
                new(595.3, 841.9, [At(header, 0, 40), At(LaidText.Line("Report", size: 24), 1, 90), At(link, 2, 120), At(LaidText.Line("1."), 6, 170), new(LaidText.Line("First"), 100, 170, 7),
                    At(LaidText.Line("Name"), 10, 200), new(LaidText.Line("Zoë"), 200, 200, 11), At(picture, 12, 220)]),
            ],
            Structure = new([.. nodes]), Destinations = [new("place", 0, 10, 100)], Outline = [], Facts = new("A title (with brackets)", "Zoë Müller", "Subject <&>", "a; b", "en-GB"),
        };
    }

    private static Fragment Of(params Picture[] pictures) => new()
    {
        Items = [.. pictures.Select((_, i) => new PageItem(PageItemKind.Picture, i, 0))], Pictures = [.. pictures],
    };

    private static LaidDocument With(LaidDocument document, params Placement[] placements) => new()
    {
        Pages = [document.Pages[0] with { Placements = placements }], Structure = document.Structure, Destinations = [], Outline = [], Facts = document.Facts,
    };

    private static string Objects(byte[] pdf) => PdfTool.Run(pdf, "qpdf", "--json", "FILE");

    // Part of an area that is not white.
    private static double InkIn(byte[] pdf, double left, double top, double width, double height)
    {
        var page = new Pixels(pdf);
        var (ink, count) = (0, 0);
        for (var y = top; y < top + height; y++)
        {
            for (var x = left; x < left + width; x++)
            {
                count++;
                ink += page.At(x, y) == (255, 255, 255) ? 0 : 1;
            }
        }

        return (double)ink / count;
    }

    private sealed record LaidDocumentBuilder(LaidDocument Base)
    {
        public LaidDocument Document => Base;

        public LaidDocumentBuilder WithOutline(params (string Title, int Level)[] entries) => new(new LaidDocument
        {
            Pages = Base.Pages, Structure = Base.Structure, Destinations = [], Facts = Base.Facts, Outline = [.. entries.Select((e, i) => new OutlineEntry(e.Title, e.Level, 0, 72 + (20 * i)))],
        });
    }

    // The first page at 72 dots an inch, as poppler draws it: a portable pixmap.
    private sealed class Pixels
    {
        private readonly byte[] _bytes;
        private readonly int _start;
        private readonly int _width;

        public Pixels(byte[] pdf)
        {
            var folder = Directory.CreateTempSubdirectory();
            try
            {
                var target = Path.Combine(folder.FullName, "page");
                PdfTool.Run(pdf, "pdftoppm", "-r", "72", "-singlefile", "-aa", "no", "FILE", target);
                _bytes = File.ReadAllBytes(target + ".ppm");
            }
            finally
            {
                folder.Delete(recursive: true);
            }

            var head = Encoding.ASCII.GetString(_bytes, 0, 30).Split((char[]?)null, 5);
            _width = int.Parse(head[1], System.Globalization.CultureInfo.InvariantCulture);
            _start = head[0].Length + head[1].Length + head[2].Length + head[3].Length + 4;
        }

        public (int Red, int Green, int Blue) At(double x, double y)
        {
            var at = _start + (3 * (((int)y * _width) + (int)x));
            return (_bytes[at], _bytes[at + 1], _bytes[at + 2]);
        }
    }
}
