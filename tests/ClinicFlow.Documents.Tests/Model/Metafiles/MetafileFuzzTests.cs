using ClinicFlow.Documents.Model.Metafiles;
using Xunit;

namespace ClinicFlow.Documents.Tests.Model.Metafiles;

/// <summary>Damaged and hostile metafiles: each is drawn or refused, and costs bounded time and memory.</summary>
public sealed class MetafileFuzzTests
{
    private static byte[] Emf() => new EmfFile(400, 300)
        .Add(EmfRecord.SaveDC).Pen(1, 0, 3, 255).Brush(2, 0xFF0000).Add(EmfRecord.Rectangle, 10, 20, 90, 60).Add(EmfRecord.IntersectClipRect, 10, 10, 50, 50)
        .Points(EmfRecord.Polygon16, (0, 0), (10, 0), (10, 10)).Add(EmfRecord.Pie, 0, 0, 100, 100, 100, 50, 50, 0)
        .Add(EmfRecord.BeginPath).Points(EmfRecord.PolyBezier16, (0, 0), (10, 0), (10, 10), (20, 20)).Add(EmfRecord.EndPath).Add(EmfRecord.StrokeAndFillPath, 0, 0, 0, 0)
        .Add(EmfRecord.ExtSelectClipRgn, 48, 5, 32, 1, 1, 16, 0, 0, 0, 0, 5, 5, 9, 9).Add(EmfRecord.RestoreDC, -1)
        .AddBytes(EmfRecord.ModifyWorldTransform, EmfFile.Bytes(2f, 0f, 0f, 2f, 0f, 0f), EmfFile.Bytes(2))
        .Font(3, -16, "Arial").Text(10, 50, "Some text", options: 4, box: (0, 0, 50, 50))
        .Bitmap((10, 20, 40, 40), EmfFile.Header(2, 2, 24), new byte[16], (0, 0, 2, 2)).Bitmap((10, 20, 40, 40), EmfFile.Header(9, 9, 8, 1, 1, 2, 3), [9, 1, 0, 0, 0, 2, 3, 3, 0, 1], (0, 0, 9, 9))
        .Blt(EmfRecord.AlphaBlend, (0, 0, 10, 10), 0x01FF0000, EmfFile.Header(1, 1, 32), [1, 2, 3, 4], (0, 0, 1, 1))
        .AddBytes(EmfRecord.GradientFill, new byte[16], EmfFile.Bytes(2, 1, 0), new byte[32], EmfFile.Bytes(0, 1)).File();

    private static byte[] Wmf() => WmfFile.Of(
        [0x020B, 0, 0], [0x020C, 100, 200], [0x02FA, 0, 4, 0, 0x00FF, 0], [0x012D, 0], [0x0324, 3, 0, 0, 100, 50, 200, 100], [0x0325, 2, 0, 0, 200, 100], WmfFile.Font(-12, "Arial"), [0x012D, 1],
        [0x0A32, 60, 20, 2, 0, 0x6161, 7, 8], [0x0F43, 0x0020, 0x00CC, 0, 1, 2, 0, 0, 30, 30, 20, 10, .. WmfFile.Words([.. EmfFile.Header(2, 1, 24), 0, 0, 255, 255, 0, 0, 0, 0])],
        [0x0538, 2, 3, 3, 0, 0, 9, 0, 9, 9, 1, 1, 2, 1, 2, 2]);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Damaged_files_are_drawn_or_refused_with_a_reason(bool isEnhanced)
    {
        MetafileReader.Result Read(byte[] file) => isEnhanced ? MetafileReader.ReadEmf(file) : MetafileReader.ReadWmf(file);
        var whole = isEnhanced ? Emf() : Wmf();
        var random = new Random(7);
        var drawn = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var file = round % 4 == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
            for (var hits = random.Next(1, 6); hits > 0 && file.Length > 0; hits--)
            {
                var at = random.Next(file.Length);
                file[at] = random.Next(3) switch { 0 => 0xFF, 1 => (byte)(file[at] ^ (1 << random.Next(8))), _ => (byte)random.Next(256) };
            }

            var result = Read(file);
            Assert.True((result.Drawing is null) != (result.Reason is null));
            drawn += result.Drawing is null ? 0 : 1;
        }

        Assert.True(drawn is > 500 and < 19_500, $"{drawn} were drawn");
        Assert.NotNull(Read(whole).Drawing);
        Assert.NotNull(Read([]).Reason);
        Assert.NotNull(Read(new byte[200]).Reason);
    }

    [Fact]
    public void What_is_far_too_much_is_refused()
    {
        var saves = new EmfFile(9, 9);
        var clips = new EmfFile(9, 9);
        for (var i = 0; i < 2000; i++)
        {
            saves.Add(EmfRecord.SaveDC);
            clips.Add(EmfRecord.IntersectClipRect, 1, 1, 5, 5).Add(EmfRecord.Rectangle, 0, 0, 9, 9);
        }

        Assert.Equal("too many saved states (record SaveDC)", saves.Refusal());

        // Each rectangle is cut to all areas before it: that is the square of what the file holds.
        Assert.Equal("more than 1000000 points (record Rectangle)", clips.Refusal());
        Assert.Equal("a point far outside of it (record LineTo)", new EmfFile(9, 9).Add(EmfRecord.LineTo, 2_000_000_000, 0).Refusal());
        Assert.Equal("a transform without bounds (record SetWorldTransform)", new EmfFile(9, 9).AddBytes(EmfRecord.SetWorldTransform, EmfFile.Bytes(float.NaN, 0f, 0f, 1f, 0f, 0f)).Refusal());
        Assert.Equal("text far outside of it (record ExtTextOutW)", new EmfFile(9, 9).Text(0, 0, "a", [int.MaxValue]).Refusal());
    }

    [Fact]
    public void Runs_that_claim_many_pixels_are_counted_before_they_are_made()
    {
        var file = new EmfFile(9, 9);
        for (var i = 0; i < 50; i++)
        {
            file.Bitmap((0, 0, 9, 9), EmfFile.Header(4000, 4000, 8, 1), [0, 1], (0, 0, 1, 1));
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal("bitmaps of more than 40 million pixels (record StretchDIBits)", file.Refusal());
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000_000);
    }
}
