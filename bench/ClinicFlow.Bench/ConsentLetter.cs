using System.Globalization;
using System.IO.Compression;
using System.Security;
using System.Text;
using ClinicFlow.Documents;
using ClinicFlow.Documents.Data;

namespace ClinicFlow.Bench;

/// <summary>
/// A consent form of two pages as clinics write them: 12 paragraphs of prose with the patient's name in each, a table of ten rows with four values, header and footer with
/// page numbers. With more paragraphs it is as long as one likes, and their words are mixed, so that no paragraph is the copy of another. Made here, so that its size is known.
/// </summary>
internal static class ConsentLetter
{
    private const string Prose =
        "was informed in detail by the physician about the planned procedure, its course, its risks and its alternatives, and had the opportunity to ask questions, all of which were answered. "
        + "The patient agrees to the procedure and to extensions of it that turn out to be necessary while it is under way. This consent can be withdrawn at any time before the procedure begins.";

    private static readonly string[] FirstNames = ["Maria", "João", "Žofie", "Anna-Lena", "Björn", "Łukasz", "Aoife", "Kwame", "Ngọc", "Zoë"];
    private static readonly string[] LastNames = ["Gruber-Horvath", "Almeida Gonçalves", "Müller-Lüdenscheidt", "Nováková", "Żółć", "O’Brien", "van der Meer", "Đặng", "Smith", "Petrova"];

    public static MergeRecord[] Records(int count)
    {
        using var reader = RecordSource.Open(new MemoryStream(Encoding.UTF8.GetBytes(Csv(count))), "letters.csv");
        return [.. reader.Read().Cast<RecordRead.Good>().Select(read => read.Record)];
    }

    /// <summary>The records as a file.</summary>
    public static string Csv(int count)
        => "name,mrn,born,procedure,surgeon,date\n" + string.Join('\n', Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"""
            "{FirstNames[i % 10]} {LastNames[i / 10 % 10]}",{4711 + i}-{i % 97:00},19{i % 90 + 10}-0{(i % 9) + 1}-1{i % 10},"{(i % 2 == 0 ? "Total knee replacement, left" : "Inguinal hernia repair with mesh")}",Dr. {LastNames[i * 7 % 10]},2026-1{i % 3}-0{(i % 9) + 1}
            """)));

    public static CompiledTemplate Compile(bool withCode = false) => TemplateCompiler.Compile(new MemoryStream(Docx(withCode: withCode)));

    /// <summary>The template as a file.</summary>
    /// <param name="paragraphs">How many paragraphs of prose.</param>
    /// <param name="withCode">Whether a QR code of the record number stands on it, as on a form that is scanned.</param>
    public static byte[] Docx(int paragraphs = 12, bool withCode = false)
    {
        var body = new StringBuilder();
        body.Append(Paragraph("<w:pPr><w:pStyle w:val=\"Heading1\"/></w:pPr>", "Consent to a procedure"));
        for (var i = 1; i <= paragraphs; i++)
        {
            body.Append(CultureInfo.InvariantCulture, $"<w:p><w:pPr><w:jc w:val=\"both\"/></w:pPr><w:r><w:t xml:space=\"preserve\">{i}. </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>{{{{name}}}}</w:t></w:r><w:r><w:t xml:space=\"preserve\"> {(paragraphs == 12 ? Prose : Mixed(i))}</w:t></w:r></w:p>");
        }

        body.Append("<w:tbl><w:tblPr><w:tblStyle w:val=\"TableGrid\"/><w:tblW w:w=\"9026\" w:type=\"dxa\"/><w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid><w:gridCol w:w=\"3009\"/><w:gridCol w:w=\"6017\"/></w:tblGrid>");
        foreach (var (label, value) in new[]
        {
            ("Patient", "{{name}}"), ("Record number", "{{mrn}}"), ("Date of birth", "{{born}}"), ("Procedure", "{{procedure}}"), ("Surgeon", "{{surgeon}}"), ("Date of procedure", "{{date}}"),
            ("Anaesthesia", "as agreed with the anaesthetist"), ("Interpreter", "not needed"), ("Copy given", "yes"), ("Ward", "Surgery 2"),
        })
        {
            body.Append(CultureInfo.InvariantCulture, $"<w:tr><w:tc><w:tcPr><w:tcW w:w=\"3009\" w:type=\"dxa\"/></w:tcPr>{Paragraph("", label)}</w:tc><w:tc><w:tcPr><w:tcW w:w=\"6017\" w:type=\"dxa\"/></w:tcPr>{Paragraph("", value)}</w:tc></w:tr>");
        }

        body.Append("</w:tbl>").Append(withCode ? Paragraph("", "{{qr mrn | width:15mm}}") : "").Append(Paragraph("", "Place, date, signature: ______________________________"));
        return Pack(body.ToString(), Paragraph("", "St. Elsewhere Clinic · Department of Surgery"), "<w:p><w:r><w:t xml:space=\"preserve\">Page </w:t></w:r><w:fldSimple w:instr=\"PAGE\"><w:r><w:t>1</w:t></w:r></w:fldSimple><w:r><w:t xml:space=\"preserve\"> of </w:t></w:r><w:fldSimple w:instr=\"NUMPAGES\"><w:r><w:t>2</w:t></w:r></w:fldSimple></w:p>");
    }

    /// <summary>A list of medications with a row for each item of a record: 50 pages where there are 2,000.</summary>
    public static (CompiledTemplate Template, MergeRecord Record) LongTable(int rows)
    {
        var body = "<w:tbl><w:tblPr><w:tblStyle w:val=\"TableGrid\"/><w:tblW w:w=\"9026\" w:type=\"dxa\"/><w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid><w:gridCol w:w=\"3009\"/><w:gridCol w:w=\"3009\"/><w:gridCol w:w=\"3008\"/></w:tblGrid>"
            + "<w:tr><w:trPr><w:tblHeader/></w:trPr>" + Cell("Name") + Cell("Dose") + Cell("Since") + "</w:tr>"
            + "<w:tr>" + Cell("{{#items}}{{label}}") + Cell("{{dose}}") + Cell("{{since}}{{/items}}") + "</w:tr></w:tbl>" + Paragraph("", "End");
        var items = string.Join(',', Enumerable.Range(0, rows).Select(i => string.Create(CultureInfo.InvariantCulture, $"{{\"label\":\"Medication {i}\",\"dose\":\"{i % 500} mg\",\"since\":\"2024-0{(i % 9) + 1}-1{i % 10}\"}}")));
        using var reader = RecordSource.Open(new MemoryStream(Encoding.UTF8.GetBytes($"[{{\"items\":[{items}]}}]")), "list.json");
        var record = reader.Read().Cast<RecordRead.Good>().Single().Record;
        return (TemplateCompiler.Compile(new MemoryStream(Pack(body, Paragraph("", "Medications"), Paragraph("", "St. Elsewhere Clinic")))), record);

        static string Cell(string text) => $"<w:tc><w:tcPr><w:tcW w:w=\"3009\" w:type=\"dxa\"/></w:tcPr>{Paragraph("", text)}</w:tc>";
    }

    /// <summary>As many words of the prose, in another order for each paragraph, the same in each run.</summary>
    private static string Mixed(int paragraph)
    {
        var words = Prose.Split(' ');
        var random = new Random(paragraph);
        random.Shuffle(words);
        return string.Join(' ', words);
    }

    private static string Paragraph(string properties, string text) => $"<w:p>{properties}<w:r><w:t xml:space=\"preserve\">{SecurityElement.Escape(text)}</w:t></w:r></w:p>";

    private static byte[] Pack(string body, string header, string footer)
    {
        const string W = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";
        const string Office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        const string Types = "application/vnd.openxmlformats-officedocument.wordprocessingml";
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add("[Content_Types].xml", $"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/word/document.xml\" ContentType=\"{Types}.document.main+xml\"/><Override PartName=\"/word/styles.xml\" ContentType=\"{Types}.styles+xml\"/><Override PartName=\"/word/settings.xml\" ContentType=\"{Types}.settings+xml\"/><Override PartName=\"/word/header1.xml\" ContentType=\"{Types}.header+xml\"/><Override PartName=\"/word/footer1.xml\" ContentType=\"{Types}.footer+xml\"/></Types>");
            Add("_rels/.rels", $"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{Office}/officeDocument\" Target=\"word/document.xml\"/></Relationships>");
            Add("word/_rels/document.xml.rels", $"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{Office}/styles\" Target=\"styles.xml\"/><Relationship Id=\"rId2\" Type=\"{Office}/header\" Target=\"header1.xml\"/><Relationship Id=\"rId3\" Type=\"{Office}/footer\" Target=\"footer1.xml\"/><Relationship Id=\"rId4\" Type=\"{Office}/settings\" Target=\"settings.xml\"/></Relationships>");
            Add("word/settings.xml", $"<w:settings {W}><w:compat><w:compatSetting w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat></w:settings>");
            Add("word/styles.xml", $"<w:styles {W}><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"Calibri\" w:hAnsi=\"Calibri\" w:cs=\"Calibri\" w:eastAsia=\"Calibri\"/><w:sz w:val=\"22\"/><w:szCs w:val=\"22\"/><w:lang w:val=\"en-GB\"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after=\"120\" w:line=\"259\" w:lineRule=\"auto\"/></w:pPr></w:pPrDefault></w:docDefaults><w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/></w:style><w:style w:type=\"paragraph\" w:styleId=\"Heading1\"><w:name w:val=\"heading 1\"/><w:basedOn w:val=\"Normal\"/><w:pPr><w:keepNext/><w:outlineLvl w:val=\"0\"/></w:pPr><w:rPr><w:b/><w:sz w:val=\"32\"/></w:rPr></w:style><w:style w:type=\"table\" w:styleId=\"TableGrid\"><w:name w:val=\"Table Grid\"/><w:pPr><w:spacing w:after=\"0\"/></w:pPr><w:tblPr><w:tblBorders><w:top w:val=\"single\" w:sz=\"4\"/><w:left w:val=\"single\" w:sz=\"4\"/><w:bottom w:val=\"single\" w:sz=\"4\"/><w:right w:val=\"single\" w:sz=\"4\"/><w:insideH w:val=\"single\" w:sz=\"4\"/><w:insideV w:val=\"single\" w:sz=\"4\"/></w:tblBorders></w:tblPr></w:style></w:styles>");
            Add("word/header1.xml", $"<w:hdr {W}>{header}</w:hdr>");
            Add("word/footer1.xml", $"<w:ftr {W}>{footer}</w:ftr>");
            Add("word/document.xml", $"<w:document {W}><w:body>{body}<w:sectPr><w:headerReference w:type=\"default\" r:id=\"rId2\"/><w:footerReference w:type=\"default\" r:id=\"rId3\"/><w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1440\" w:right=\"1440\" w:bottom=\"1440\" w:left=\"1440\" w:header=\"708\" w:footer=\"708\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>");

            void Add(string name, string text)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        return stream.ToArray();
    }
}
