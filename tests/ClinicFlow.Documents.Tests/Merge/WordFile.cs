using System.IO.Compression;
using System.Text;
using System.Xml.Linq;

namespace ClinicFlow.Documents.Tests.Merge;

/// <summary>
/// Makes small .docx files from text and reads them back as text, so that cases can be read: a line is a paragraph,
/// <c>| a | b |</c> a table row, <c>¶</c> in a cell a paragraph in it. Word's own parts are the least that Word opens.
/// </summary>
internal static class WordFile
{
    public const string Names = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" "
        + "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" "
        + "xmlns:w14=\"http://schemas.microsoft.com/office/word/2010/wordml\" xmlns:w15=\"http://schemas.microsoft.com/office/word/2012/wordml\" "
        + "xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" "
        + "xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\" xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\" mc:Ignorable=\"w14 w15\"";

    public static readonly XNamespace W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

    /// <summary>How a case's text is cut into runs: Word cuts anywhere.</summary>
    public enum Cut
    {
        Whole,
        EachCharacter,
    }

    public static byte[] FromText(string text, Cut cut = Cut.Whole) => FromBody(BodyOf(text, cut));

    /// <summary>A document with this XML in its body; parts adds or replaces parts by name.</summary>
    public static byte[] FromBody(string body, params (string Name, string Xml)[] parts)
    {
        var all = new Dictionary<string, string>
        {
            ["[Content_Types].xml"] = """
                <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
                <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>
                """ + string.Concat(parts.Where(part => part.Name.StartsWith("word/", StringComparison.Ordinal) && !part.Name.Contains("_rels", StringComparison.Ordinal)).Select(part => (Part: part, Type: TypeOf(part.Name))).Where(part => part.Type is not null).Select(part =>
                    $"<Override PartName=\"/{part.Part.Name}\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.{part.Type}+xml\"/>")) + "</Types>",
            ["_rels/.rels"] = """
                <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
                <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>
                """,
            ["word/document.xml"] = $"<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:document {Names}><w:body>{body}<w:sectPr><w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1417\" w:right=\"1417\" w:bottom=\"1134\" w:left=\"1417\" w:header=\"708\" w:footer=\"708\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>",
        };
        foreach (var (name, xml) in parts)
        {
            all[name] = xml;
        }

        var related = parts.Where(part => TypeOf(part.Name) is not null).ToArray();
        if (related.Length > 0 && !all.ContainsKey("word/_rels/document.xml.rels"))
        {
            all["word/_rels/document.xml.rels"] = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
                + string.Concat(related.Select((part, i) => $"<Relationship Id=\"rId{i + 1}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{TypeOf(part.Name)}\" Target=\"{part.Name[5..]}\"/>")) + "</Relationships>";
        }

        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, xml) in all)
            {
                using var stream = zip.CreateEntry(name).Open();
                stream.Write(Encoding.UTF8.GetBytes(xml.TrimStart()));
            }
        }

        return file.ToArray();
    }

    private static string? TypeOf(string name) => Path.GetFileNameWithoutExtension(name) switch
    {
        ['h', 'e', 'a', 'd', 'e', 'r', ..] => "header",
        ['f', 'o', 'o', 't', 'e', 'r', ..] => "footer",
        "footnotes" => "footnotes",
        "numbering" => "numbering",
        "styles" => "styles",
        "settings" => "settings",
        _ => null,
    };

    public static string BodyOf(string text, Cut cut = Cut.Whole)
    {
        var body = new StringBuilder();
        var inTable = false;
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            if (line.StartsWith('|'))
            {
                if (!inTable)
                {
                    body.Append("<w:tbl><w:tblPr><w:tblW w:w=\"0\" w:type=\"auto\"/></w:tblPr><w:tblGrid>");
                    body.Insert(body.Length, string.Concat(Enumerable.Repeat("<w:gridCol w:w=\"2000\"/>", line.Count(c => c == '|') - 1))).Append("</w:tblGrid>");
                    inTable = true;
                }

                body.Append("<w:tr>");
                foreach (var cell in line.Trim('|').Split('|'))
                {
                    body.Append("<w:tc><w:tcPr><w:tcW w:w=\"2000\" w:type=\"dxa\"/></w:tcPr>");
                    foreach (var paragraph in cell.Trim().Split('¶'))
                    {
                        body.Append(Paragraph(paragraph.Trim(), cut));
                    }

                    body.Append("</w:tc>");
                }

                body.Append("</w:tr>");
                continue;
            }

            if (inTable)
            {
                body.Append("</w:tbl>");
                inTable = false;
            }

            body.Append(Paragraph(line, cut));
        }

        return body.Append(inTable ? "</w:tbl><w:p/>" : "").ToString();
    }

    public static string Paragraph(string text, Cut cut = Cut.Whole)
    {
        var runs = new StringBuilder("<w:p>");
        var fields = text.Split(['«', '»']);
        for (var i = 0; i < fields.Length; i++)
        {
            if (i % 2 == 1)
            {
                // «MERGEFIELD x» is a complex field whose instruction is cut in two runs.
                var instruction = fields[i];
                var half = instruction.Length / 2;
                runs.Append("<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>");
                runs.Append(Run(instruction[..half], "instrText")).Append(Run(instruction[half..], "instrText"));
                runs.Append("<w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>").Append(Run("result", "t")).Append("<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>");
            }
            else if (cut == Cut.Whole)
            {
                runs.Append(fields[i].Length == 0 ? "" : Run(fields[i], "t"));
            }
            else
            {
                runs.Append(string.Concat(fields[i].Select((c, at) => Run(c.ToString(), "t", at % 2 == 1) + (at % 3 == 0 ? "<w:proofErr w:type=\"spellStart\"/>" : ""))));
            }
        }

        return runs.Append("</w:p>").ToString();
    }

    public static string Run(string text, string element = "t", bool italic = false)
        => $"<w:r>{(italic ? "<w:rPr><w:i/></w:rPr>" : "")}<w:{element} xml:space=\"preserve\">{new XText(text)}</w:{element}></w:r>";

    /// <summary>A part's XML.</summary>
    public static XDocument Part(byte[] docx, string name = "word/document.xml")
    {
        using var zip = new ZipArchive(new MemoryStream(docx));
        using var stream = (zip.GetEntry(name) ?? throw new InvalidOperationException($"There is no part {name}.")).Open();
        return XDocument.Load(stream, LoadOptions.PreserveWhitespace);
    }

    /// <summary>The document as a case writes it.</summary>
    public static string TextOf(byte[] docx, string name = "word/document.xml")
    {
        var root = Part(docx, name).Root!;
        return string.Join('\n', Blocks(root.Element(W + "body") ?? root));
    }

    private static IEnumerable<string> Blocks(XElement container)
    {
        foreach (var block in container.Elements())
        {
            if (block.Name == W + "p")
            {
                yield return TextOf(block);
            }
            else if (block.Name == W + "tbl")
            {
                foreach (var row in block.Elements(W + "tr"))
                {
                    yield return "| " + string.Join(" | ", row.Elements(W + "tc").Select(cell => string.Join(" ¶ ", Blocks(cell)))) + " |";
                }
            }
            else if (block.Name == W + "sdt")
            {
                foreach (var inner in Blocks(block.Element(W + "sdtContent")!))
                {
                    yield return inner;
                }
            }
        }
    }

    private static string TextOf(XElement paragraph)
    {
        var text = new StringBuilder();
        var depth = 0;
        foreach (var element in paragraph.Descendants())
        {
            switch (element.Name.LocalName)
            {
                case "fldChar" when element.Attribute(W + "fldCharType")?.Value == "begin":
                    depth++;
                    text.Append('{');
                    break;
                case "fldChar" when element.Attribute(W + "fldCharType")?.Value == "end":
                    depth--;
                    text.Append('}');
                    break;
                case "fldChar":
                    text.Append('|');
                    break;
                case "t" or "instrText" when element.Name.Namespace == W:
                    text.Append(element.Value);
                    break;
                case "br" when element.Attribute(W + "type") is null:
                    text.Append('↵');
                    break;
                case "br":
                    text.Append("[break]");
                    break;
                case "tab" when element.Parent!.Name == W + "r":
                    text.Append('⇥');
                    break;
                case "drawing":
                    text.Append("[drawing]");
                    break;
            }
        }

        return text.ToString();
    }
}
