using ClinicFlow.Documents.Model.Metafiles;
using Xunit;

namespace ClinicFlow.Documents.Tests.Model.Metafiles;

/// <summary>Lines, areas, paths and clipping of enhanced metafiles ([MS-EMF]), and what is refused. Places are pixels; colours of records are 0x00BBGGRR.</summary>
public sealed class EmfShapeTests
{
    private const int Red = 0x0000FF;
    private const int Blue = 0xFF0000;

    private static EmfFile File => new(400, 300);

    [Fact]
    public void Lines_and_areas_have_their_places_pens_and_brushes()
    {
        var file = File.Pen(1, 0, 3, Red).Brush(2, Blue)
            .Add(EmfRecord.Rectangle, 10, 20, 90, 60)
            .Add(EmfRecord.MoveToEx, 5, 6).Add(EmfRecord.LineTo, 50, 60).Add(EmfRecord.LineTo, 70, 60)
            .Points(EmfRecord.Polygon16, (0, 0), (10, 0), (10, 10))
            .Points(EmfRecord.Polyline16, (0, 0), (10, 0), (10, 10))
            .NoPen().Add(EmfRecord.SetPolyFillMode, 2)
            .AddBytes(EmfRecord.PolyPolygon16, new byte[16], EmfFile.Bytes(2, 6, 3, 3), [0, 0, 0, 0, 9, 0, 0, 0, 9, 0, 9, 0, 1, 0, 1, 0, 2, 0, 1, 0, 2, 0, 2, 0]);

        Assert.Equal(
            """
            fill 0000FF line FF0000 3 M10,20 L90,20 L90,60 L10,60 Z
            line FF0000 3 M5,6 L50,60
            line FF0000 3 M50,60 L70,60
            fill 0000FF line FF0000 3 M0,0 L10,0 L10,10 Z
            line FF0000 3 M0,0 L10,0 L10,10
            fill 0000FF winding M0,0 L9,0 L9,9 Z M1,1 L2,1 L2,2 Z
            """.ReplaceLineEndings("\n"),
            file.Show());
    }

    [Fact]
    public void Arcs_run_against_the_clock_unless_told_otherwise()
    {
        var file = File.NoPen().Brush(2, Blue)
            .Add(EmfRecord.Pie, 0, 0, 100, 100, 100, 50, 50, 0)
            .Add(EmfRecord.SetArcDirection, 2)
            .Add(EmfRecord.Chord, 0, 0, 100, 100, 100, 50, 50, 100);

        // From three o'clock up to twelve, and down to six.
        Assert.Equal(
            """
            fill 0000FF M100,50 C100,22.4 77.6,0 50,0 L50,50 Z
            fill 0000FF M100,50 C100,77.6 77.6,100 50,100 Z
            """.ReplaceLineEndings("\n"),
            file.Show());
    }

    [Fact]
    public void Map_modes_and_transforms_move_what_is_drawn()
    {
        var file = File.NoPen().Brush(2, Blue)
            .Add(EmfRecord.SetMapMode, 8).Add(EmfRecord.SetWindowExtEx, 1000, -1000).Add(EmfRecord.SetViewportExtEx, 100, 100).Add(EmfRecord.SetViewportOrgEx, 0, 200)
            .Add(EmfRecord.Rectangle, 0, 0, 1000, 500)
            .Add(EmfRecord.SaveDC)
            .Add(EmfRecord.SetMapMode, 1).Add(EmfRecord.SetViewportOrgEx, 0, 0)
            .AddBytes(EmfRecord.SetWorldTransform, EmfFile.Bytes(0f, 1f, -1f, 0f, 300f, 10f))
            .Add(EmfRecord.Rectangle, 0, 0, 20, 10)
            .AddBytes(EmfRecord.ModifyWorldTransform, EmfFile.Bytes(2f, 0f, 0f, 2f, 0f, 0f), EmfFile.Bytes(2))
            .Add(EmfRecord.Rectangle, 0, 0, 20, 10)
            .Add(EmfRecord.RestoreDC, -1)
            .Add(EmfRecord.Rectangle, 0, 0, 100, 100)
            .Add(EmfRecord.SetMapMode, 2) // tenths of a millimetre, y upwards
            .Add(EmfRecord.Rectangle, 0, 0, 254, 127);

        Assert.Equal(
            """
            fill 0000FF M0,200 L100,200 L100,150 L0,150 Z
            fill 0000FF M300,10 L300,30 L290,30 L290,10 Z
            fill 0000FF M300,10 L300,50 L280,50 L280,10 Z
            fill 0000FF M0,200 L10,200 L10,190 L0,190 Z
            fill 0000FF M0,200 L96,200 L96,152 L0,152 Z
            """.ReplaceLineEndings("\n"),
            file.Show());
    }

    [Fact]
    public void Pens_are_broken_as_their_style_says()
    {
        EmfFile ExtendedPen(EmfFile file, int number, int style, int width, params int[] dashes)
            => file.Add(EmfRecord.ExtCreatePen, [number, 0, 0, 0, 0, style, width, 0, Red, 0, dashes.Length, .. dashes]).Add(EmfRecord.SelectObject, number).Add(EmfRecord.MoveToEx, 0, 0).Add(EmfRecord.LineTo, 9, 0);

        var file = ExtendedPen(File, 1, 0x10000 | 0x200 | 1, 4);
        ExtendedPen(file, 2, 0x10000 | 0x100 | 7, 2, 5, 6);
        ExtendedPen(file, 3, 2, 1);
        file.Pen(4, 1, 1, Red).Add(EmfRecord.MoveToEx, 0, 0).Add(EmfRecord.LineTo, 9, 0).Pen(5, 1, 5, Red).Add(EmfRecord.MoveToEx, 0, 0).Add(EmfRecord.LineTo, 9, 0);

        // A plain pen that is wide draws whole lines, whatever its style.
        Assert.Equal(
            """
            line FF0000 4 Flat 12-4 M0,0 L9,0
            line FF0000 2 Square 5-6 M0,0 L9,0
            line FF0000 0 Round 3-3 M0,0 L9,0
            line FF0000 0 Round 18-6 M0,0 L9,0
            line FF0000 5 M0,0 L9,0
            """.ReplaceLineEndings("\n"),
            file.Show());
    }

    [Fact]
    public void A_path_is_gathered_and_drawn_as_one()
    {
        var file = File.Pen(1, 0, 2, Red).Brush(2, Blue)
            .Add(EmfRecord.BeginPath)
            .Add(EmfRecord.MoveToEx, 0, 0).Points(EmfRecord.PolylineTo16, (10, 0), (10, 10)).Add(EmfRecord.CloseFigure)
            .Add(EmfRecord.MoveToEx, 20, 20).Points(EmfRecord.PolyBezierTo16, (30, 20), (30, 30), (20, 30))
            .Add(EmfRecord.EndPath)
            .Add(EmfRecord.StrokeAndFillPath, 0, 0, 0, 0)
            .Add(EmfRecord.StrokePath, 0, 0, 0, 0); // nothing is left

        Assert.Equal("fill 0000FF line FF0000 2 M0,0 L10,0 L10,10 Z M20,20 C30,20 30,30 20,30 Z", file.Show());
    }

    [Fact]
    public void Drawing_is_cut_to_rectangles_regions_and_paths_and_what_was_saved_comes_back()
    {
        var file = File.NoPen().Brush(2, Blue)
            .Add(EmfRecord.SaveDC)
            .Add(EmfRecord.IntersectClipRect, 10, 10, 50, 50)
            .Add(EmfRecord.Rectangle, 0, 0, 1, 1)
            .Add(EmfRecord.ExcludeClipRect, 20, 20, 30, 30)
            .Add(EmfRecord.Rectangle, 0, 0, 2, 2)
            .Add(EmfRecord.RestoreDC, -1)
            .Add(EmfRecord.Rectangle, 0, 0, 3, 3)
            .Add(EmfRecord.ExtSelectClipRgn, 64, 5, 32, 1, 2, 32, 0, 0, 0, 0, 5, 5, 9, 9, 20, 5, 29, 9)
            .Add(EmfRecord.Rectangle, 0, 0, 4, 4)
            .Add(EmfRecord.ExtSelectClipRgn, 0, 5)
            .Add(EmfRecord.BeginPath).Points(EmfRecord.Polygon16, (0, 0), (9, 0), (9, 9)).Add(EmfRecord.EndPath).Add(EmfRecord.SelectClipPath, 5)
            .Add(EmfRecord.Rectangle, 0, 0, 5, 5)
            .Add(EmfRecord.IntersectClipRect, -10, -10, 500, 500)
            .Add(EmfRecord.Rectangle, 0, 0, 6, 6);

        // A rectangle around the whole picture cuts nothing.
        Assert.Equal(
            """
            M0,0 L1,0 L1,1 L0,1 Z within M10,10 L50,10 L50,50 L10,50 Z
            M0,0 L2,0 L2,2 L0,2 Z within M-4000000,-3000000 L4000000,-3000000 L4000000,3000000 L-4000000,3000000 Z M20,20 L30,20 L30,30 L20,30 Z within M10,10 L50,10 L50,50 L10,50 Z
            M0,0 L3,0 L3,3 L0,3 Z
            M0,0 L4,0 L4,4 L0,4 Z within M5,5 L9,5 L9,9 L5,9 Z M20,5 L29,5 L29,9 L20,9 Z
            M0,0 L5,0 L5,5 L0,5 Z within M0,0 L9,0 L9,9 Z
            M0,0 L6,0 L6,6 L0,6 Z within M0,0 L9,0 L9,9 Z
            """.ReplaceLineEndings("\n"),
            file.Show().Replace("fill 0000FF ", "", StringComparison.Ordinal));
    }

    [Fact]
    public void A_mix_with_what_lies_below_is_drawn_where_the_colour_leaves_no_choice()
    {
        EmfFile Mixed(int mix, int color) => File.Brush(3, Red).Add(EmfRecord.Rectangle, 0, 0, 5, 5).NoPen().Brush(2, color).Add(EmfRecord.SetRop2, mix).Add(EmfRecord.Rectangle, 0, 0, 9, 9);

        Assert.EndsWith("fill 000000 M0,0 L9,0 L9,9 L0,9 Z", Mixed(9, 0).Show(), StringComparison.Ordinal); // black covers
        Assert.DoesNotContain("L9,9", Mixed(9, 0xFFFFFF).Show(), StringComparison.Ordinal); // white leaves what is there
        Assert.Equal("colours mixed with those below (mix 7) (record Rectangle)", Mixed(7, Red).Refusal());
    }

    [Theory]
    [InlineData(78, "the record MaskBlt")]
    [InlineData(79, "the record PlgBlt")]
    [InlineData(73, "the record InvertRgn")]
    [InlineData(97, "the record PolyTextOutW")]
    [InlineData(200, "the record 200")]
    public void A_record_that_is_not_drawn_refuses_the_picture_and_is_named(int kind, string reason)
        => Assert.Equal(reason, File.Add(EmfRecord.Rectangle, 0, 0, 9, 9).Add((EmfRecord)kind, new int[40]).Refusal());

    [Fact]
    public void What_a_printer_is_told_is_passed_over_unless_it_is_PostScript()
    {
        Assert.Null(File.Add(EmfRecord.ExtEscape, 15, 4, 0).Add(EmfRecord.Rectangle, 0, 0, 9, 9).Refusal());
        Assert.Equal("PostScript (record ExtEscape)", File.Add(EmfRecord.ExtEscape, 4116, 4, 0).Refusal());
        Assert.Equal("PostScript (record 0x0626)", MetafileReader.ReadWmf(WmfFile.Of([0x0626, 37, 2, 0])).Reason);
    }

    [Fact]
    public void What_only_sets_how_screens_show_it_does_not_matter()
    {
        var file = File.NoPen().Brush(2, Blue)
            .Add(EmfRecord.SetStretchBltMode, 4).Add(EmfRecord.SetBrushOrgEx, 0, 0).Add(EmfRecord.SetICMMode, 1).Add(EmfRecord.SetMapperFlags, 0).Add(EmfRecord.SetLayout, 0)
            .AddBytes(EmfRecord.Comment, EmfFile.Bytes(8), "a comment"u8.ToArray())
            .Add(EmfRecord.Rectangle, 0, 0, 9, 9);

        Assert.Equal("fill 0000FF M0,0 L9,0 L9,9 L0,9 Z", file.Show());
    }

    [Fact]
    public void A_file_that_draws_nothing_within_its_frame_is_refused()
    {
        Assert.Equal("nothing within its frame", File.Refusal());
        Assert.Equal("nothing within its frame", File.Add(EmfRecord.Rectangle, 500, 0, 600, 10).Refusal());
        Assert.Null(File.Add(EmfRecord.Rectangle, 390, 0, 600, 10).Refusal());
    }

    [Fact]
    public void A_description_behind_a_short_header_is_not_taken_for_the_size_of_the_device()
    {
        var file = File.NoPen().Brush(2, Blue).Add(EmfRecord.Rectangle, 0, 0, 9, 9).File();
        byte[] described = [.. file[..88], .. System.Text.Encoding.Unicode.GetBytes("Drawn by someone"), .. file[108..]];
        BitConverter.GetBytes(120).CopyTo(described, 4);
        BitConverter.GetBytes(16).CopyTo(described, 60);
        BitConverter.GetBytes(88).CopyTo(described, 64);

        Assert.Equal("fill 0000FF M0,0 L9,0 L9,9 L0,9 Z", Shown.Of(MetafileReader.ReadEmf(described), 400, 300));
    }

    [Fact]
    public void A_brush_or_pen_with_a_pattern_is_refused_only_where_it_is_used()
    {
        var made = File.Add(EmfRecord.CreateBrushIndirect, 1, 2, Red, 3).Add(EmfRecord.SelectObject, 1);

        Assert.Equal("line 000000 0 M0,0 L9,9", made.Points(EmfRecord.Polyline16, (0, 0), (9, 9)).Show());
        Assert.Equal("a hatched brush (record Rectangle)", made.Add(EmfRecord.Rectangle, 0, 0, 9, 9).Refusal());
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(0, "records of EMF+ alone")]
    public void Of_a_file_with_EMF_and_EMF_plus_the_former_is_drawn_where_it_is_whole(int isDual, string? reason)
    {
        var file = File.AddBytes(EmfRecord.Comment, EmfFile.Bytes(32), "EMF+"u8.ToArray(), [0x01, 0x40, (byte)isDual, 0], new byte[24]).Add(EmfRecord.Rectangle, 0, 0, 9, 9);

        Assert.Equal(reason, file.Refusal());
    }
}
