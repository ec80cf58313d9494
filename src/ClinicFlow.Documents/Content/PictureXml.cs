using System.Buffers;
using System.Buffers.Text;

namespace ClinicFlow.Documents.Content;

/// <summary>
/// Writes <c>w:drawing</c> with an inline picture, for the inside of a <c>w:r</c>. Only the prefix <c>w</c> needs to be
/// bound around it. The part, its relationship and its content type are the caller's. Source: ECMA-376 Part 1
/// §20.4.2.8 (inline), §19.3.1.37 and §20.2 (pic).
/// </summary>
internal static class PictureXml
{
    /// <summary>Writes a picture.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="relationshipId">The relationship from the host part to the picture part.</param>
    /// <param name="drawingId">The drawing's number, which must be unique in the document.</param>
    /// <param name="picture">What the picture's header says; its orientation becomes a rotation.</param>
    /// <param name="size">The size as seen.</param>
    /// <param name="name">The drawing's name, as Word's selection pane shows it.</param>
    /// <param name="altText">What a screen reader says; empty marks the picture as one without description.</param>
    public static void Write(
        IBufferWriter<byte> output,
        string relationshipId,
        int drawingId,
        PictureFile picture,
        PictureSize size,
        string name,
        string altText)
    {
        // DrawingML turns a frame of the stored proportions; what is laid out is the frame as turned.
        var (rotation, isFlipped) = Turn(picture.Orientation);
        var (width, height) = picture.IsTurnedSideways ? (size.Height.Value, size.Width.Value) : (size.Width.Value, size.Height.Value);

        output.Write("""<w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" """u8);
        output.Write("""xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" """u8);
        output.Write("""xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" """u8);
        output.Write("""xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" """u8);
        output.Write("""distT="0" distB="0" distL="0" distR="0">"""u8);
        DrawingXml.WriteFrame(output, width, height, picture.IsTurnedSideways, drawingId, name, altText);
        output.Write("""<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>"""u8);
        output.Write("""
            <a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="0" name="
            """u8);
        XmlText.WriteEscaped(name, output);
        output.Write("""
            "/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="
            """u8);
        XmlText.WriteEscaped(relationshipId, output);
        output.Write("""
            "/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm
            """u8);
        if (rotation != 0)
        {
            output.Write(" rot=\""u8);
            DrawingXml.WriteNumber(rotation, output);
            output.Write("\""u8);
        }

        output.Write(isFlipped ? """ flipH="1">"""u8 : ">"u8);
        DrawingXml.WriteBox(output, width, height);
        output.Write("""</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>"""u8);
    }

    /// <summary>
    /// The rotation (in 60,000ths of a degree, clockwise) and the mirroring before it that set a picture upright.
    /// </summary>
    private static (int Rotation, bool IsFlipped) Turn(int orientation) => orientation switch
    {
        2 => (0, true),
        3 => (180 * 60_000, false),
        4 => (180 * 60_000, true),
        5 => (270 * 60_000, true),
        6 => (90 * 60_000, false),
        7 => (90 * 60_000, true),
        8 => (270 * 60_000, false),
        _ => (0, false),
    };
}

/// <summary>What pictures and shapes have in common.</summary>
internal static class DrawingXml
{
    /// <summary>Writes extent, effect extent and the non-visual properties of a drawing.</summary>
    public static void WriteFrame(
        IBufferWriter<byte> output, long width, long height, bool isSideways, int drawingId, string name, string altText)
    {
        output.Write("<wp:extent cx=\""u8);
        WriteNumber(width, output);
        output.Write("\" cy=\""u8);
        WriteNumber(height, output);

        // A frame turned on its side sticks out of its extent along its shorter side, and is in along the longer.
        var overhang = isSideways ? (width - height) / 2 : 0;
        output.Write("\"/><wp:effectExtent l=\""u8);
        WriteNumber(-overhang, output);
        output.Write("\" t=\""u8);
        WriteNumber(overhang, output);
        output.Write("\" r=\""u8);
        WriteNumber(-overhang, output);
        output.Write("\" b=\""u8);
        WriteNumber(overhang, output);
        output.Write("\"/><wp:docPr id=\""u8);
        WriteNumber(drawingId, output);
        output.Write("\" name=\""u8);
        XmlText.WriteEscaped(name, output);
        output.Write("\" descr=\""u8);
        XmlText.WriteEscaped(altText, output);
        output.Write("\"/>"u8);
    }

    /// <summary>Writes <c>a:off</c> and <c>a:ext</c>.</summary>
    public static void WriteBox(IBufferWriter<byte> output, long width, long height)
    {
        output.Write("<a:off x=\"0\" y=\"0\"/><a:ext cx=\""u8);
        WriteNumber(width, output);
        output.Write("\" cy=\""u8);
        WriteNumber(height, output);
        output.Write("\"/>"u8);
    }

    /// <summary>Writes a number in decimal digits.</summary>
    public static void WriteNumber(long number, IBufferWriter<byte> output)
    {
        Utf8Formatter.TryFormat(number, output.GetSpan(20), out var written);
        output.Advance(written);
    }
}
