using System.Buffers.Binary;
using System.Text;
using System.Xml;

namespace ClinicFlow.Documents.Data;

/// <summary>
/// Records of a sheet of an Excel workbook. The first row that is not empty names the columns; a row's number is the
/// sheet's. Numbers and dates keep what their cell shows; of a formula the result is taken that Excel stored.
/// </summary>
internal sealed class XlsxRecordReader : IRecordReader
{
    private const int MaxNamed = 5;

    private readonly SourceStream _source;
    private readonly Stream? _copy;
    private readonly XlsxWorkbook _workbook;
    private readonly XlsxSheetRows _rows;
    private readonly ColumnLayout _layout;
    private readonly int _firstColumn;
    private readonly string _sheetName;
    private readonly MergeValue[] _values;
    private bool _wasRead;

    public XlsxRecordReader(SourceStream source, RecordSourceOptions options)
    {
        _source = source;
        CheckStart(source.Peek(1 << 12));
        if ((source.KnownLength ?? 0) > RecordLimits.MaxXlsxBytes)
        {
            throw TooLarge();
        }

        // The table of contents of a ZIP is at its end.
        var stream = source.Below;
        if (stream.CanSeek && source.Origin == 0)
        {
            stream.Position = 0;
        }
        else
        {
            stream = _copy = CopyOf(source);
        }

        XlsxWorkbook? workbook = null;
        XlsxSheetRows? rows = null;
        try
        {
            CheckContents(stream);
            workbook = _workbook = XlsxWorkbook.Open(stream, options.Culture);
            (rows, _sheetName) = OpenSheet(workbook, options);
            _rows = rows;
            _firstColumn = rows.Cells[0].Column;
            _layout = ReadHeader(rows);
            _values = new MergeValue[_layout.Columns.Count];
        }
        catch (Exception e)
        {
            if (e is RecordSourceException refusal && workbook is not null)
            {
                refusal.Sheets = ShownSheets(workbook);
            }

            rows?.Dispose();
            workbook?.Dispose();
            _copy?.Dispose();
            if (IsOfDamage(e))
            {
                throw XlsxWorkbook.Damaged("it cannot be unpacked or its XML is broken", e);
            }

            throw;
        }
    }

    public RecordFormat Format => RecordFormat.Xlsx;

    public string Description => $"Excel workbook, sheet {_sheetName}";

    public IReadOnlyList<string> Columns => _layout.Columns;

    public IReadOnlyList<string> Sheets => ShownSheets(_workbook);

    public string? Sheet => _sheetName;

    public long? LengthBytes => _rows.LengthBytes;

    public long PositionBytes => _rows.PositionBytes;

    public IEnumerable<RecordRead> Read(CancellationToken cancellationToken = default)
    {
        if (_wasRead)
        {
            throw new InvalidOperationException("The records were read before.");
        }

        _wasRead = true;
        return ReadAll(cancellationToken);
    }

    public void Dispose()
    {
        _rows.Dispose();
        _workbook.Dispose();
        _copy?.Dispose();
        _source.Dispose();
    }

    private IEnumerable<RecordRead> ReadAll(CancellationToken stop)
    {
        while (Next() is { } read)
        {
            stop.ThrowIfCancellationRequested();
            yield return read;
        }
    }

    private RecordRead? Next()
    {
        try
        {
            return _rows.Read() ? ReadRow() : null;
        }
        catch (Exception e) when (IsOfDamage(e))
        {
            throw XlsxWorkbook.Damaged($"what follows row {_rows.Row} cannot be unpacked or its XML is broken", e);
        }
    }

    private RecordRead ReadRow()
    {
        var count = _layout.Columns.Count;
        var cells = new string[count];
        Array.Fill(cells, "");
        Array.Clear(_values);
        var errors = new List<string>();
        var outside = new List<string>();
        foreach (var cell in _rows.Cells)
        {
            var i = cell.Column - _firstColumn;
            if (i < 0 || i >= count)
            {
                outside.Add(NameOf(cell.Column));
                continue;
            }

            cells[i] = _layout.TextOf(cell.Text);
            _values[i] = cell.Value.Kind == MergeValueKind.Text ? MergeValue.From(_layout.TextOf(cell.Value.Text)) : cell.Value;
            if (cell.IsError)
            {
                errors.Add($"{NameOf(cell.Column)} (\"{_layout.Columns[i]}\")");
            }
        }

        var row = _rows.Row;
        if (errors.Count > 0)
        {
            return RecordRead.Bad.Because(row, $"Row {row} has an error such as #N/A in column {Listed(errors)}.", "Correct the formula or the value in Excel.", cells);
        }

        if (outside.Count > 0)
        {
            return RecordRead.Bad.Because(row, $"Row {row} has a value in column {Listed(outside)}, which has no name in the first row.", "Give the column a name, or empty the cell.", cells);
        }

        return new RecordRead.Good(new MergeRecord(_layout.Arrange(_values), row), cells);
    }

    private static string[] ShownSheets(XlsxWorkbook workbook) => [.. workbook.Sheets.Where(sheet => !sheet.IsHidden).Select(sheet => sheet.Name)];

    private static string Listed(List<string> names) => string.Join(", ", names.Take(MaxNamed)) + (names.Count > MaxNamed ? $" and {names.Count - MaxNamed} more" : "");

    /// <summary>Opens the sheet that was asked for, or the first visible one that is not empty, and reads its first row.</summary>
    private static (XlsxSheetRows Rows, string Name) OpenSheet(XlsxWorkbook workbook, RecordSourceOptions options)
    {
        var isAskedFor = options.SheetName is not null || options.SheetNumber is not null;
        var sheets = workbook.Sheets.Where((sheet, i) => (options.SheetName, options.SheetNumber) switch
        {
            ({ } name, _) => sheet.Name.Equals(name, StringComparison.OrdinalIgnoreCase),
            (_, { } number) => i + 1 == number,
            _ => !sheet.IsHidden,
        }).ToArray();
        if (sheets.Length == 0 && isAskedFor)
        {
            throw new RecordSourceException("no-such-sheet", $"The workbook has no such sheet; it has {string.Join(", ", workbook.Sheets.Take(20).Select(sheet => $"\"{sheet.Name}\""))}.", "Check the name or number of the sheet.");
        }

        foreach (var sheet in sheets)
        {
            var rows = new XlsxSheetRows(workbook, sheet);
            try
            {
                if (rows.Read())
                {
                    return (rows, sheet.Name);
                }
            }
            catch
            {
                rows.Dispose();
                throw;
            }

            rows.Dispose();
        }

        throw new RecordSourceException("no-header", isAskedFor ? "The sheet is empty." : "The workbook has no visible sheet with anything in it.", "The first row must hold the names of the columns.");
    }

    private static ColumnLayout ReadHeader(XlsxSheetRows rows)
    {
        var first = rows.Cells[0].Column;
        var header = new string[rows.Cells[^1].Column - first + 1];
        Array.Fill(header, "");
        foreach (var cell in rows.Cells)
        {
            if (cell.IsError)
            {
                throw new RecordSourceException("no-header", $"Row {rows.Row} should name the columns and has an error in column {NameOf(cell.Column)}.", "Correct it in Excel.");
            }

            header[cell.Column - first] = cell.Text;
        }

        return ColumnLayout.Of(header, first + 1);
    }

    /// <summary>The letters of a column, from 0.</summary>
    private static string NameOf(int column)
    {
        var name = "";
        for (var rest = column + 1; rest > 0; rest = (rest - 1) / 26)
        {
            name = (char)('A' + ((rest - 1) % 26)) + name;
        }

        return name;
    }

    private static void CheckStart(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith("PK"u8))
        {
            return;
        }

        // An encrypted workbook is a compound file ([MS-OFFCRYPTO] 2.3.4.4), as is a workbook of Excel 97 to 2003.
        if (start.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0]))
        {
            throw start.IndexOf(Encoding.Unicode.GetBytes("EncryptedPackage")) >= 0 || start.IndexOf(Encoding.Unicode.GetBytes("EncryptionInfo")) >= 0
                ? new RecordSourceException("password-protected", "The workbook is protected by a password.", "Open it in Excel and save it without a password.")
                : new RecordSourceException("legacy-xls", "The file is a workbook of Excel 97 to 2003, or is protected by a password.", "Open it in Excel and save it as \"Excel workbook (.xlsx)\", without a password.");
        }

        throw new RecordSourceException("not-an-xlsx", "The file is no Excel workbook, whatever its name says.", "Open it in Excel and save it as \"Excel workbook (.xlsx)\", or give a CSV or JSON file.");
    }

    /// <summary>Looks at the ZIP's end record before the library reads the entries one by one (APPNOTE 4.3.16).</summary>
    private static void CheckContents(Stream stream)
    {
        const int EndLength = 22;
        var tail = new byte[(int)Math.Min(stream.Length, EndLength + ushort.MaxValue)];
        stream.Position = stream.Length - tail.Length;
        stream.ReadExactly(tail);
        stream.Position = 0;
        var at = tail.AsSpan().LastIndexOf("PK\x05\x06"u8);
        if (at < 0 || at + EndLength > tail.Length)
        {
            throw XlsxWorkbook.Damaged("its end is missing, as after a download that broke off");
        }

        // Where the entries begin bounds how many there can be: each takes at least 46 bytes up to this record.
        var directory = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at + 16));
        var end = stream.Length - tail.Length + at;
        if (directory == uint.MaxValue || BinaryPrimitives.ReadUInt16LittleEndian(tail.AsSpan(at + 10)) > RecordLimits.MaxXlsxEntries || end - directory > RecordLimits.MaxXlsxEntries * 1024L)
        {
            throw XlsxWorkbook.TooManyEntries();
        }
    }

    private static MemoryStream CopyOf(SourceStream source)
    {
        var copy = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (var read = source.Read(buffer); read > 0; read = source.Read(buffer))
        {
            copy.Write(buffer, 0, read);
            if (copy.Length > RecordLimits.MaxXlsxBytes)
            {
                throw TooLarge();
            }
        }

        copy.Position = 0;
        return copy;
    }

    private static RecordSourceException TooLarge() => new("too-large", $"The workbook is larger than {RecordLimits.MaxXlsxBytes >> 20} MiB.", "Split it, or save the sheet as CSV UTF-8.");

    /// <summary>What reading ZIP and XML throws for content that is broken, on purpose or not.</summary>
    private static bool IsOfDamage(Exception e) => e is XmlException or InvalidDataException or IOException or DecoderFallbackException
        or NotSupportedException or ArgumentException or FormatException or OverflowException or IndexOutOfRangeException or OutOfMemoryException;
}
