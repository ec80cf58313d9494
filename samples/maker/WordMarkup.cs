using System.Globalization;
using System.Security;
using System.Text;

namespace ClinicFlow.SampleMaker;

/// <summary>
/// Writes paragraphs, runs, fields and cells the way Word saves them: revision marks and paragraph ids on everything,
/// tags cut into several runs by the spelling check, field instructions in pieces. One instance a template: it counts.
/// </summary>
/// <remarks>
/// Text is written in a small notation: <c>**bold**</c>, <c>{{tag}}</c> as it is, <c>«name»</c> for a merge field and
/// <c>«name|\@ "yyyy"»</c> for one with switches.
/// </remarks>
internal sealed class WordMarkup
{
    private const string Bold = "<w:b/><w:bCs/>";

    private static readonly string[] Marks = ["**", "{{", "«"];

    private int _paragraphs;
    private int _tags;
    private int _fields;

    /// <summary>A paragraph of a style.</summary>
    /// <param name="style">The style's id; empty for Normal.</param>
    /// <param name="text">The text in the notation above.</param>
    /// <param name="properties">Further paragraph properties, in the order of the schema.</param>
    public string Paragraph(string style, string text, string properties = "") => ParagraphOf(style, Text(text), properties);

    /// <summary>A paragraph of a style with finished runs.</summary>
    public string ParagraphOf(string style, string runs, string properties = "")
    {
        _paragraphs++;
        var styled = style.Length > 0 ? $"<w:pStyle w:val=\"{style}\"/>" : "";
        var all = styled + properties;
        var id = (0x1B70_0000 + (_paragraphs * 0x2F3)).ToString("X8", CultureInfo.InvariantCulture);
        return $"<w:p w14:paraId=\"{id}\" w14:textId=\"77777777\" w:rsidR=\"{Revision(_paragraphs)}\" w:rsidRDefault=\"{Revision(_paragraphs + 1)}\">"
            + (all.Length > 0 ? $"<w:pPr>{all}</w:pPr>" : "") + runs + "</w:p>\n";
    }

    /// <summary>Runs of a text in the notation above.</summary>
    /// <param name="text">The text.</param>
    /// <param name="format">Run properties of all runs, without bold.</param>
    public string Text(string text, string format = "")
    {
        var runs = new StringBuilder();
        var bold = false;
        for (var at = 0; at < text.Length;)
        {
            var properties = bold ? Bold + format : format;
            if (text.AsSpan(at).StartsWith("**"))
            {
                bold = !bold;
                at += 2;
            }
            else if (text.AsSpan(at).StartsWith("{{"))
            {
                var end = text.IndexOf("}}", at, StringComparison.Ordinal) + 2;
                runs.Append(Tag(text[at..end], properties));
                at = end;
            }
            else if (text[at] == '«')
            {
                var end = text.IndexOf('»', at);
                var parts = text[(at + 1)..end].Split('|', 2);
                runs.Append(MergeField(parts[0], properties, parts.ElementAtOrDefault(1) ?? ""));
                at = end + 1;
            }
            else
            {
                var end = NextMark(text, at + 1);
                runs.Append(Run(text[at..end], properties));
                at = end;
            }
        }

        return runs.ToString();
    }

    /// <summary>One run. A line feed becomes a line break, a tab a tab.</summary>
    public static string Run(string text, string format = "", string revision = "")
    {
        var content = new StringBuilder();
        foreach (var (index, line) in text.Split('\n').Index())
        {
            content.Append(index > 0 ? "<w:br/>" : "");
            foreach (var (tab, piece) in line.Split('\t').Index())
            {
                content.Append(tab > 0 ? "<w:tab/>" : "");
                content.Append(piece.Length > 0 ? $"<w:t{Space(piece)}>{Escape(piece)}</w:t>" : "");
            }
        }

        return $"<w:r{(revision.Length > 0 ? $" w:rsidR=\"{revision}\"" : "")}>{Format(format)}{content}</w:r>";
    }

    /// <summary>A complex merge field as Word's ribbon inserts it.</summary>
    public string MergeField(string name, string format = "", string switches = "")
    {
        var tail = switches.Length > 0 ? $" {switches} " : " ";
        var shown = Run($"«{name}»", Unproofed(format));

        // Where somebody edited the field by hand, the spelling check has cut its instruction.
        var instruction = _fields++ % 3 == 1
            ? Instruction(" MERGEFIELD ", format) + "<w:proofErr w:type=\"spellStart\"/>" + Instruction(name, format) + "<w:proofErr w:type=\"spellEnd\"/>" + Instruction(tail, format)
            : Instruction($" MERGEFIELD {name}{tail}", format);
        return Field(instruction, shown, format);
    }

    /// <summary>A complex field of a finished instruction and result.</summary>
    public static string Field(string instruction, string result, string format = "")
        => $"<w:r>{Format(format)}<w:fldChar w:fldCharType=\"begin\"/></w:r>{instruction}<w:r>{Format(format)}<w:fldChar w:fldCharType=\"separate\"/></w:r>"
            + $"{result}<w:r>{Format(format)}<w:fldChar w:fldCharType=\"end\"/></w:r>";

    /// <summary>A piece of a field's instruction.</summary>
    public static string Instruction(string text, string format = "")
        => $"<w:r>{Format(format)}<w:instrText xml:space=\"preserve\">{Escape(text)}</w:instrText></w:r>";

    /// <summary>A field of the layout, such as PAGE.</summary>
    public static string LayoutField(string name, string shown, string format = "")
        => Field(Instruction($" {name} ", format), Run(shown, "<w:noProof/>" + format), format);

    /// <summary>A table cell.</summary>
    /// <param name="width">Its width in twips.</param>
    /// <param name="content">Its paragraphs.</param>
    /// <param name="properties">Further cell properties, in the order of the schema.</param>
    public static string Cell(int width, string content, string properties = "")
        => $"<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/>{properties}</w:tcPr>{content}</w:tc>\n";

    /// <summary>A table row.</summary>
    public string Row(string properties, params string[] cells)
        => $"<w:tr w:rsidR=\"{Revision(_paragraphs)}\" w:rsidTr=\"{Revision(_paragraphs + 1)}\">"
            + (properties.Length > 0 ? $"<w:trPr>{properties}</w:trPr>" : "") + string.Concat(cells) + "</w:tr>\n";

    /// <summary>A table of fixed columns.</summary>
    /// <param name="style">The table style's id.</param>
    /// <param name="look">Which of the style's parts apply, as attributes of <c>w:tblLook</c>.</param>
    /// <param name="widths">The columns in twips.</param>
    /// <param name="rows">The rows.</param>
    public static string Table(string style, string look, int[] widths, params string[] rows)
        => $"<w:tbl><w:tblPr><w:tblStyle w:val=\"{style}\"/><w:tblW w:w=\"{widths.Sum()}\" w:type=\"dxa\"/><w:tblLayout w:type=\"fixed\"/><w:tblLook {look}/></w:tblPr>"
            + $"<w:tblGrid>{string.Concat(widths.Select(width => $"<w:gridCol w:w=\"{width}\"/>"))}</w:tblGrid>{string.Concat(rows)}</w:tbl>\n";

    private string Tag(string tag, string format)
    {
        // A tag typed in one go stays in one run; most are corrected later, and Word keeps the seams.
        var middle = 2 + ((tag.Length - 4) / 2);
        return (_tags++ % 5) switch
        {
            0 => Run(tag, format),
            1 => Run("{{", format) + "<w:proofErr w:type=\"spellStart\"/>" + Run(tag[2..^2], format, Revision(_tags)) + "<w:proofErr w:type=\"spellEnd\"/>" + Run("}}", format),
            2 => Run("{", format) + Run("{" + tag[2..middle], format, Revision(_tags)) + Run(tag[middle..], format),
            3 => Run("{{" + tag[2..middle], format, Revision(_tags)) + "<w:proofErr w:type=\"gramStart\"/>" + Run(tag[middle..^2] + "}", format) + "<w:proofErr w:type=\"gramEnd\"/>" + Run("}", format, Revision(_tags + 2)),
            _ => "<w:proofErr w:type=\"spellStart\"/>" + Run(tag[..^2], format) + "<w:proofErr w:type=\"spellEnd\"/>" + Run("}}", format, Revision(_tags + 1)),
        };
    }

    private static int NextMark(string text, int from)
    {
        var marks = Marks.Select(mark => text.IndexOf(mark, from, StringComparison.Ordinal)).Where(at => at >= 0).ToArray();
        return marks.Length > 0 ? marks.Min() : text.Length;
    }

    // In the schema's order noProof stands after bold, before colours and sizes.
    private static string Unproofed(string format)
        => format.StartsWith(Bold, StringComparison.Ordinal) ? Bold + "<w:noProof/>" + format[Bold.Length..] : "<w:noProof/>" + format;

    private static string Format(string format) => format.Length > 0 ? $"<w:rPr>{format}</w:rPr>" : "";

    private static string Space(string text) => text != text.Trim() ? " xml:space=\"preserve\"" : "";

    private static string Escape(string text) => SecurityElement.Escape(text)!.Replace("&apos;", "'", StringComparison.Ordinal).Replace("&quot;", "\"", StringComparison.Ordinal);

    private static string Revision(int number) => (0x00A7_1C00 + (number % 7 * 0x51D)).ToString("X8", CultureInfo.InvariantCulture);
}
