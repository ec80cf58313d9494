using System.Globalization;
using ClinicFlow.Documents.Model;
using ClinicFlow.Documents.Model.Reading;
using Xunit;

namespace ClinicFlow.Documents.Tests.Model;

/// <summary>Windows metafiles: what is drawn, and that a file with anything else is not read.</summary>
public sealed class WmfTests
{
    [Fact]
    public void Lines_and_areas_have_their_places_and_colours()
    {
        var file = Wmf(
            [0x020B, 0, 0], [0x020C, 100, 200],
            [0x02FC, 0, 0x0000, 0x00FF, 0], [0x012D, 0], // a blue brush: bytes 00 00 FF
            [0x02FA, 0, 4, 0, 0x00FF, 0x0000], [0x012D, 1], // a red pen of width 4
            [0x0324, 3, 0, 0, 100, 50, 200, 100],
            [0x02FA, 5, 0, 0, 0, 0], [0x012D, 2], // no pen
            [0x041B, 100, 200, 50, 100],
            [0x012D, 1],
            [0x0214, 20, 10], [0x0213, 40, 30], [0x0325, 2, 0, 0, 200, 100]);

        Assert.Equal(
            """
            fill 0000FF line FF0000 0.02: M0,0 L0.5,0.5 L1,1 Z
            fill 0000FF: M0.5,0.5 L1,0.5 L1,1 L0.5,1 Z
            line FF0000 0.02: M0.05,0.2 L0.15,0.4
            line FF0000 0.02: M0,0 L1,1
            """.ReplaceLineEndings("\n"),
            Show(WmfReader.Read(file)));
    }

    [Fact]
    public void A_placeable_file_says_its_box_and_an_ellipse_touches_its_sides()
    {
        byte[] placeable = [0xD7, 0xCD, 0xC6, 0x9A, 0, 0, 10, 0, 10, 0, 30, 0, 30, 0, 0x60, 0, 0, 0, 0, 0, 0, 0];
        var shape = Assert.Single(WmfReader.Read([.. placeable, .. Wmf([0x0418, 30, 30, 10, 10])])!.Shapes);

        Assert.Equal(new(1, 0.5), shape.Path[0].A);
        Assert.Equal([new(0.5, 1), new(0, 0.5), new(0.5, 0), new(1, 0.5)], shape.Path.Where(step => step.Kind == PathStepKind.Curve).Select(step => step.C));
    }

    [Theory]
    [InlineData(0x0521)] // text
    [InlineData(0x0F43)] // a bitmap
    [InlineData(0x0416)] // clipping
    [InlineData(0x0817)] // an arc
    [InlineData(0x0538)] // polygons in one
    public void A_file_with_anything_else_is_not_read(int function)
        => Assert.Null(WmfReader.Read(Wmf([0x020B, 0, 0], [0x020C, 100, 100], [0x0324, 2, 0, 0, 10, 10], [function, 0, 0, 0, 0, 0, 0, 0, 0])));

    [Fact]
    public void Damaged_files_are_not_read_and_do_no_harm()
    {
        var whole = Wmf([0x020B, 0, 0], [0x020C, 100, 200], [0x02FA, 0, 4, 0, 0x00FF, 0], [0x012D, 0], [0x0324, 3, 0, 0, 100, 50, 200, 100], [0x0325, 2, 0, 0, 200, 100]);
        var random = new Random(7);
        var read = 0;
        for (var round = 0; round < 3000; round++)
        {
            var file = round % 3 == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
            for (var hits = random.Next(1, 6); hits > 0 && file.Length > 0; hits--)
            {
                file[random.Next(file.Length)] = (byte)random.Next(256);
            }

            read += WmfReader.Read(file) is null ? 0 : 1;
        }

        Assert.True(read is > 100 and < 2900, $"{read} were read");
        Assert.Null(WmfReader.Read([]));
        Assert.NotNull(WmfReader.Read(whole));
    }

    // Records of 16-bit words, the function first, behind a header.
    private static byte[] Wmf(params int[][] records)
    {
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        writer.Write([1, 0, 9, 0, 0, 3, .. new byte[12]]);
        foreach (var record in records.Append([0]))
        {
            writer.Write(record.Length + 2);
            foreach (var word in record)
            {
                writer.Write((short)word);
            }
        }

        return file.ToArray();
    }

    private static string Show(Metafile? file) => string.Join('\n', file!.Shapes.Select(shape =>
        $"{string.Join(' ', new[] { shape.Fill is { } fill ? $"fill {fill}" : "", shape.Line is { } line ? string.Create(CultureInfo.InvariantCulture, $"line {line} {shape.LineWidth:0.###}") : "" }.Where(part => part.Length > 0))}: "
        + string.Join(' ', shape.Path.Select(step => step.Kind == PathStepKind.Close ? "Z" : string.Create(CultureInfo.InvariantCulture, $"{step.Kind.ToString()[0]}{step.A.X:0.###},{step.A.Y:0.###}")))));
}
