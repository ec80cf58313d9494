using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml;

namespace ClinicFlow.Documents.Data;

/// <summary>
/// The parts of a workbook that its sheets need: their list, the shared strings and the number formats
/// (ECMA-376 Part 1 §18.2, §18.4, §18.8). The ZIP is checked against <see cref="RecordLimits"/> before anything is inflated.
/// </summary>
internal sealed class XlsxWorkbook : IDisposable
{
    private static readonly XmlReaderSettings XmlSettings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        CloseInput = true,
    };

    private readonly ZipArchive _zip;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.OrdinalIgnoreCase);

    private XlsxWorkbook(ZipArchive zip) => _zip = zip;

    /// <summary>A sheet with cells.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Part">Its part in the package.</param>
    /// <param name="IsHidden">Whether it is not shown.</param>
    public sealed record Sheet(string Name, string Part, bool IsHidden);

    /// <summary>The sheets in their order; charts are left out.</summary>
    public IReadOnlyList<Sheet> Sheets { get; private set; } = [];

    /// <summary>The strings that cells refer to by number.</summary>
    public IReadOnlyList<string> Strings { get; private set; } = [];

    /// <summary>The number format of each cell style.</summary>
    public IReadOnlyList<CellFormat> Formats { get; private set; } = [];

    /// <summary>Opens a workbook and reads all but its sheets.</summary>
    public static XlsxWorkbook Open(Stream stream, CultureInfo culture)
    {
        var workbook = new XlsxWorkbook(new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true));
        try
        {
            workbook.CheckEntries();
            workbook.ReadParts(culture);
            return workbook;
        }
        catch
        {
            workbook.Dispose();
            throw;
        }
    }

    /// <summary>What is thrown for a workbook that cannot be made sense of.</summary>
    public static RecordSourceException Damaged(string what, Exception? inner = null)
        => new("damaged", $"The Excel workbook is damaged: {what}.", "Open it in Excel, let Excel repair it, and save it again.", inner);

    /// <summary>Opens a part for reading; <paramref name="opened"/> counts how much of it was read.</summary>
    public XmlReader OpenPart(string part, long maxBytes, out CountedStream opened)
    {
        var entry = _entries.GetValueOrDefault(part) ?? throw Damaged($"the part {part} is missing");
        opened = new CountedStream(entry.Open(), entry.Length, maxBytes);
        return XmlReader.Create(opened, XmlSettings);
    }

    /// <summary>The text of the current element, at most <see cref="RecordLimits.MaxCell"/> characters; leaves the reader on its end.</summary>
    public static string ReadText(XmlReader xml)
    {
        if (xml.IsEmptyElement)
        {
            return "";
        }

        // Nearly every text is one node: then there is one string.
        var text = "";
        var depth = xml.Depth;
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml.NodeType is XmlNodeType.Text or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace or XmlNodeType.CDATA)
            {
                text += xml.Value;
                if (text.Length > RecordLimits.MaxCell)
                {
                    throw Damaged("a cell holds more text than Excel allows");
                }
            }
        }

        return text;
    }

    /// <summary>The text of a string item or inline string: its runs without the phonetic ones, escapes such as <c>_x000D_</c> resolved (§18.4.8, §22.9.2.19).</summary>
    public static string ReadString(XmlReader xml)
    {
        if (xml.IsEmptyElement)
        {
            return "";
        }

        var text = "";
        var depth = xml.Depth;
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            if (xml.LocalName == "rPh")
            {
                var phonetic = xml.Depth;
                while (!xml.IsEmptyElement && xml.Read() && xml.Depth > phonetic)
                {
                }
            }
            else if (xml.LocalName == "t")
            {
                text += ReadText(xml);
                if (text.Length > RecordLimits.MaxCell)
                {
                    throw Damaged("a cell holds more text than Excel allows");
                }
            }
        }

        return Unescape(text);
    }

    /// <summary>Resolves <c>_xHHHH_</c>, one UTF-16 code unit each.</summary>
    public static string Unescape(string text)
    {
        if (!text.Contains("_x", StringComparison.Ordinal))
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 6 < text.Length && text[i] == '_' && text[i + 1] == 'x' && text[i + 6] == '_'
                && ushort.TryParse(text.AsSpan(i + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
            {
                result.Append((char)unit);
                i += 6;
            }
            else
            {
                result.Append(text[i]);
            }
        }

        return result.ToString();
    }

    public void Dispose() => _zip.Dispose();

    private void CheckEntries()
    {
        if (_zip.Entries.Count > RecordLimits.MaxXlsxEntries)
        {
            throw TooManyEntries();
        }

        var inflated = 0L;
        foreach (var entry in _zip.Entries)
        {
            inflated += entry.Length;
            if (inflated > RecordLimits.MaxXlsxInflatedBytes
                || (entry.Length > 4 << 20 && entry.Length / Math.Max(1, entry.CompressedLength) > RecordLimits.MaxXlsxRatio))
            {
                throw InflatesTooMuch();
            }

            _entries.TryAdd(entry.FullName.Replace('\\', '/').TrimStart('/'), entry);
        }
    }

    internal static RecordSourceException TooManyEntries() => new("too-many-entries", $"The workbook's ZIP has more than {RecordLimits.MaxXlsxEntries} entries.", "Save the data alone into a new workbook.");

    internal static RecordSourceException InflatesTooMuch() => new("inflates-too-much", "The workbook would become far too large when unpacked.", "Save the data alone into a new workbook, or as CSV UTF-8.");

    private void ReadParts(CultureInfo culture)
    {
        if (!_entries.ContainsKey("_rels/.rels"))
        {
            throw new RecordSourceException("not-an-xlsx", "The file is no Excel workbook.", "Give an .xlsx file, or a CSV or JSON file.");
        }

        var workbookPart = ReadRelations("").Values.FirstOrDefault(relation => relation.Type.EndsWith("/officeDocument", StringComparison.Ordinal)).Part;
        if (workbookPart is null || !_entries.ContainsKey(workbookPart))
        {
            throw new RecordSourceException("not-an-xlsx", "The file is no Excel workbook.", "Give an .xlsx file, or a CSV or JSON file.");
        }

        using (var xml = OpenPart(workbookPart, RecordLimits.MaxXlsxHeldPartBytes, out _))
        {
            if (xml.MoveToContent() != XmlNodeType.Element || xml.LocalName != "workbook")
            {
                throw new RecordSourceException("not-an-xlsx", "The file is another kind of Office document, no Excel workbook.", "Give an .xlsx file, or a CSV or JSON file.");
            }
        }

        var relations = ReadRelations(workbookPart);
        var isDate1904 = ReadSheets(workbookPart, relations);
        if (PartOf(relations, "/styles") is { } styles)
        {
            Formats = ReadFormats(styles, culture, isDate1904);
        }

        if (Formats.Count == 0)
        {
            Formats = [CellFormat.General(isDate1904)];
        }

        if (PartOf(relations, "/sharedStrings") is { } strings)
        {
            Strings = ReadStrings(strings);
        }
    }

    private string? PartOf(Dictionary<string, (string Type, string Part)> relations, string type)
        => relations.Values.FirstOrDefault(relation => relation.Type.EndsWith(type, StringComparison.Ordinal)).Part is { } part && _entries.ContainsKey(part) ? part : null;

    private Dictionary<string, (string Type, string Part)> ReadRelations(string part)
    {
        var folder = part[..(part.LastIndexOf('/') + 1)];
        var relations = new Dictionary<string, (string, string)>();
        var name = $"{folder}_rels/{part[folder.Length..]}.rels";
        if (!_entries.ContainsKey(name))
        {
            return relations;
        }

        using var xml = OpenPart(name, RecordLimits.MaxXlsxHeldPartBytes, out _);
        while (xml.Read())
        {
            if (xml is { NodeType: XmlNodeType.Element, LocalName: "Relationship" }
                && xml.GetAttribute("Id") is { } id && xml.GetAttribute("Target") is { } target && xml.GetAttribute("TargetMode") != "External")
            {
                relations.TryAdd(id, (xml.GetAttribute("Type") ?? "", Resolve(folder, target)));
            }
        }

        return relations;
    }

    private static string Resolve(string folder, string target)
    {
        var steps = new List<string>();
        foreach (var step in (target.StartsWith('/') ? target : folder + target).Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (step == ".." && steps.Count > 0)
            {
                steps.RemoveAt(steps.Count - 1);
            }
            else if (step is not "." and not "..")
            {
                steps.Add(step);
            }
        }

        return string.Join('/', steps);
    }

    private bool ReadSheets(string part, Dictionary<string, (string Type, string Part)> relations)
    {
        const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        const string StrictRelations = "http://purl.oclc.org/ooxml/officeDocument/relationships";
        var isDate1904 = false;
        var sheets = new List<Sheet>();
        using var xml = OpenPart(part, RecordLimits.MaxXlsxHeldPartBytes, out _);
        while (xml.Read())
        {
            if (xml.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            if (xml.LocalName == "workbookPr")
            {
                isDate1904 = xml.GetAttribute("date1904") is "1" or "true" or "on";
            }
            else if (xml.LocalName == "sheet"
                && relations.TryGetValue(xml.GetAttribute("id", Relations) ?? xml.GetAttribute("id", StrictRelations) ?? "", out var relation)
                && relation.Type.EndsWith("/worksheet", StringComparison.Ordinal))
            {
                sheets.Add(new Sheet(xml.GetAttribute("name") ?? "", relation.Part, xml.GetAttribute("state") is "hidden" or "veryHidden"));
            }
        }

        Sheets = sheets;
        return isDate1904;
    }

    private List<CellFormat> ReadFormats(string part, CultureInfo culture, bool isDate1904)
    {
        var codes = new Dictionary<int, string>();
        var made = new Dictionary<int, CellFormat>();
        var formats = new List<CellFormat>();
        var isInCellFormats = false;
        using var xml = OpenPart(part, RecordLimits.MaxXlsxHeldPartBytes, out _);
        while (xml.Read())
        {
            if (xml is { NodeType: XmlNodeType.EndElement, LocalName: "cellXfs" })
            {
                isInCellFormats = false;
            }

            if (xml.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            switch (xml.LocalName)
            {
                case "numFmt" when int.TryParse(xml.GetAttribute("numFmtId"), NumberStyles.None, CultureInfo.InvariantCulture, out var id):
                    codes.TryAdd(id, Unescape(xml.GetAttribute("formatCode") ?? ""));
                    break;
                case "cellXfs":
                    isInCellFormats = !xml.IsEmptyElement;
                    break;
                case "xf" when isInCellFormats:
                    _ = int.TryParse(xml.GetAttribute("numFmtId"), NumberStyles.None, CultureInfo.InvariantCulture, out var used);
                    if (!made.TryGetValue(used, out var format))
                    {
                        format = CellFormat.Of(used, codes.GetValueOrDefault(used), culture, isDate1904);
                        made.Add(used, format);
                    }

                    formats.Add(format);
                    break;
            }
        }

        return formats;
    }

    private List<string> ReadStrings(string part)
    {
        var strings = new List<string>();
        using var xml = OpenPart(part, RecordLimits.MaxXlsxHeldPartBytes, out _);
        while (xml.Read())
        {
            if (xml is { NodeType: XmlNodeType.Element, LocalName: "si" })
            {
                strings.Add(ReadString(xml));
            }
        }

        return strings;
    }
}

/// <summary>Counts what is read from an inflated part and stops at a limit, whatever the ZIP declared.</summary>
internal sealed class CountedStream(Stream below, long declaredLength, long max) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => declaredLength;

    public override long Position { get; set; }

    public override int Read(Span<byte> buffer)
    {
        var read = below.Read(buffer);
        Position += read;
        return Position <= max ? read : throw XlsxWorkbook.InflatesTooMuch();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            below.Dispose();
        }

        base.Dispose(disposing);
    }
}
