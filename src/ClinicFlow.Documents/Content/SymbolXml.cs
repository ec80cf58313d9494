using System.Buffers;

namespace ClinicFlow.Documents.Content;

/// <summary>
/// Writes a symbol as one vector shape, for the inside of a <c>w:r</c>. Only the prefix <c>w</c> needs to be bound around
/// it. Shapes outside a canvas are Word 2010's ([MS-ODRAWXML] 2.22, wps:wsp), so they stand in mc:AlternateContent as
/// Word writes them. The geometry is ECMA-376 Part 1 §20.1.9.8 (custGeom).
/// </summary>
internal static class SymbolXml
{
    // The path's own units to a module: whole numbers with room for readers that round.
    private const int Unit = 100;

    private const long MaxTextHeight = 3 * 36_000;

    /// <summary>Writes a symbol.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="drawingId">The drawing's number, which must be unique in the document.</param>
    /// <param name="symbol">What is drawn.</param>
    /// <param name="size">How large.</param>
    /// <param name="showsText">Whether the value stands under the bars; QR codes never show it.</param>
    /// <param name="altText">What a screen reader says.</param>
    public static void Write(
        IBufferWriter<byte> output, int drawingId, Symbol symbol, SymbolSize size, bool showsText, string altText)
    {
        var (width, height) = (size.Width.Value, size.Height.Value);
        var textHeight = showsText && symbol.Text.Length > 0 ? Math.Min(MaxTextHeight, height / 4) : 0;
        output.Write("""<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" """u8);
        output.Write("""xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">"""u8);
        output.Write("""<mc:Choice Requires="wps"><w:drawing>"""u8);
        output.Write("""<wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" """u8);
        output.Write("""xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" distT="0" distB="0" distL="0" distR="0">"""u8);
        DrawingXml.WriteFrame(output, width, height, isSideways: false, drawingId, $"{symbol.Kind} {drawingId}", altText);
        output.Write("""<wp:cNvGraphicFramePr/><a:graphic>"""u8);
        output.Write("""<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">"""u8);
        output.Write("<wps:wsp><wps:cNvSpPr/><wps:spPr><a:xfrm>"u8);
        DrawingXml.WriteBox(output, width, height);
        output.Write("</a:xfrm>"u8);
        WriteGeometry(output, symbol, barsShare: (height - textHeight) / (double)height);
        output.Write("""<a:solidFill><a:srgbClr val="000000"/></a:solidFill><a:ln><a:noFill/></a:ln></wps:spPr>"""u8);
        if (textHeight > 0)
        {
            WriteText(output, symbol.Text, width, textHeight);
        }

        output.Write("""<wps:bodyPr wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="b"><a:noAutofit/></wps:bodyPr>"""u8);
        output.Write("</wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice><mc:Fallback/></mc:AlternateContent>"u8);
    }

    private static void WriteGeometry(IBufferWriter<byte> output, Symbol symbol, double barsShare)
    {
        // A path is stretched to the shape in both directions, so bars may count their height in units of its width.
        var pathHeight = symbol.Rows == 1 ? symbol.Columns * Unit : symbol.Rows * Unit;
        var rowHeight = symbol.Rows == 1 ? (long)(pathHeight * barsShare) : Unit;
        output.Write("""
            <a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/><a:rect l="0" t="0" r="r" b="b"/><a:pathLst><a:path w="
            """u8);
        DrawingXml.WriteNumber(symbol.Columns * Unit, output);
        output.Write("\" h=\""u8);
        DrawingXml.WriteNumber(pathHeight, output);
        output.Write("\">"u8);
        foreach (var area in symbol.Dark)
        {
            var (left, top) = (area.Column * Unit, area.Row * rowHeight);
            var (right, bottom) = (left + (area.Width * Unit), top + (area.Height * rowHeight));
            output.Write("<a:moveTo>"u8);
            WritePoint(output, left, top);
            output.Write("</a:moveTo><a:lnTo>"u8);
            WritePoint(output, right, top);
            output.Write("</a:lnTo><a:lnTo>"u8);
            WritePoint(output, right, bottom);
            output.Write("</a:lnTo><a:lnTo>"u8);
            WritePoint(output, left, bottom);
            output.Write("</a:lnTo><a:close/>"u8);
        }

        output.Write("</a:path></a:pathLst></a:custGeom>"u8);
    }

    private static void WritePoint(IBufferWriter<byte> output, long x, long y)
    {
        output.Write("<a:pt x=\""u8);
        DrawingXml.WriteNumber(x, output);
        output.Write("\" y=\""u8);
        DrawingXml.WriteNumber(y, output);
        output.Write("\"/>"u8);
    }

    private static void WriteText(IBufferWriter<byte> output, string text, long width, long height)
    {
        // Letters are some 0.6 of their size wide; text that would not fit on its line is made smaller.
        var points = Math.Min(height / 12_700.0 * 0.85, width / 12_700.0 / (text.Length * 0.6));
        var halfPoints = Math.Max(2, (long)(points * 2));
        output.Write("""
            <wps:txbx><w:txbxContent><w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="
            """u8);
        DrawingXml.WriteNumber(Math.Max(1, height / 635), output);
        output.Write("""
            " w:lineRule="exact"/><w:ind w:left="0" w:right="0" w:firstLine="0"/><w:jc w:val="center"/></w:pPr><w:r><w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial"/><w:color w:val="000000"/><w:sz w:val="
            """u8);
        DrawingXml.WriteNumber(halfPoints, output);
        output.Write("""
            "/></w:rPr><w:t xml:space="preserve">
            """u8);
        XmlText.WriteEscaped(text, output);
        output.Write("</w:t></w:r></w:p></w:txbxContent></wps:txbx>"u8);
    }
}
