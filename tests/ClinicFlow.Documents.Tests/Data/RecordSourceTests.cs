using System.Globalization;
using System.Text;
using ClinicFlow.Documents.Data;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using Xunit;

namespace ClinicFlow.Documents.Tests.Data;

public sealed class RecordSourceTests
{
    static RecordSourceTests() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    public static TheoryData<string> Encodings => ["utf-8", "utf-8 bom", "utf-16", "utf-16BE bom", "windows-1252"];

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Umlauts_come_through_whatever_the_encoding(string name)
    {
        var encoding = name switch
        {
            "utf-8" => new UTF8Encoding(false),
            "utf-8 bom" => new UTF8Encoding(true),
            "utf-16" => new UnicodeEncoding(false, true),
            "utf-16BE bom" => new UnicodeEncoding(true, true),
            _ => Encoding.GetEncoding(1252),
        };
        var bytes = encoding.GetPreamble().Concat(encoding.GetBytes("name;Straße\r\nJürgen Größ;Œuvre 5 €\r\n")).ToArray();
        using var reader = RecordSource.Open(new MemoryStream(bytes), "x.csv");
        Assert.Equal(["name", "Straße"], reader.Columns);
        Assert.Equal(["2: name=Jürgen Größ, Straße=Œuvre 5 €"], Rows(reader));
    }

    [Theory]
    [InlineData("a,b\n1,2\n")]
    [InlineData("a;b\n1;2\n")]
    [InlineData("a\tb\n1\t2\n")]
    [InlineData("a|b\n1|2\n")]
    [InlineData("sep=;\r\na;b\r\n1;2\r\n")]
    [InlineData("\"a\";\"b\"\n\"1\";\"2\"")]
    public void Separators_are_found_out(string csv)
    {
        using var reader = Open(csv);
        Assert.Equal(["a", "b"], reader.Columns);
        Assert.EndsWith(": a=1, b=2", Assert.Single(Rows(reader)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a,b\n\"x, \"\"y\"\"\nz\",2\nq,3\n", "2: a=x, \"y\"\nz, b=2", "4: a=q, b=3")]
    [InlineData("a,b\n\n1,\n,\n 2 ,3\n", "3: a=1, b=", "5: a= 2 , b=3")]
    [InlineData("id,a.b,a.c\n007,1,2\n", "2: id=007, a={b=1, c=2}")]
    [InlineData("n,list\nx,\"[{\"\"a\"\":1},{\"\"a\"\":2}]\"\n", "2: n=x, list=[{a=1}, {a=2}]")]
    [InlineData("n,list\nx,[not json]\n", "2: n=x, list=[not json]")]
    public void Csv_rows_are_read_with_the_line_they_start_on(string csv, params string[] expected)
    {
        using var reader = Open(csv);
        Assert.Equal(expected, Rows(reader));
    }

    [Theory]
    [InlineData("clinicflow:row,name,'=x\n7,'=1+1,''=2\n", "2: clinicflow:row=7, name==1+1, =x='=2")]
    [InlineData("name,'=x\n'=1+1,''=2\n", "2: name='=1+1, =x=''=2")]
    public void Cells_that_were_guarded_from_spreadsheets_are_read_as_they_were_in_our_own_tables_and_names_in_all(string csv, string expected)
    {
        using var reader = Open(csv);
        Assert.Equal([expected], Rows(reader));
        using var workbook = RecordSource.Open(new MemoryStream(Workbook([.. csv.Split('\n')[0].Split(',')], [.. csv.Split('\n')[1].Split(',').Select(Text)])), "x.xlsx");
        Assert.Equal([expected], Rows(workbook));
    }

    [Fact]
    public void A_row_with_too_many_cells_is_bad_and_the_next_one_is_read()
    {
        using var reader = Open("a,b\n1,2,3\n4,5\n");
        Assert.Equal(["2: row-not-readable", "3: a=4, b=5"], Rows(reader));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("a,A\n1,2\n", "duplicate-columns")]
    [InlineData("\n\n", "no-header")]
    public void What_cannot_be_understood_as_a_whole_is_refused_with_its_code(string csv, string code)
        => Assert.Equal(code, Assert.Throws<RecordSourceException>(() =>
        {
            using var reader = Open(csv);
            _ = Rows(reader);
        }).Code);

    [Theory]
    [InlineData("""[{"a":1,"b":{"c":[true,null,"x"]}},{"a":2.50}]""", "1: a=1, b={c=[true, , x]}", "2: a=2.50")]
    [InlineData("""{"records":[{"a":"1"}]}""", "1: a=1")]
    [InlineData("{\"a\":1}\n\n{\"a\":2}\n", "1: a=1", "3: a=2")]
    public void Json_keeps_its_tree(string json, params string[] expected)
    {
        using var reader = RecordSource.Open(new MemoryStream(Encoding.UTF8.GetBytes(json)), json.Contains("}\n", StringComparison.Ordinal) ? "x.ndjson" : "x.json");
        Assert.Equal(expected, Rows(reader));
    }

    [Fact]
    public void Json_that_was_cut_off_says_so_behind_its_last_record()
    {
        using var reader = RecordSource.Open(new MemoryStream("[{\"a\":1},{\"a\""u8.ToArray()), "x.json");
        Assert.Equal(["1: a=1", "2: row-not-readable"], Rows(reader));
    }

    [Theory]
    [InlineData("nonsense", "bad-json")]
    [InlineData("{\"a\":", "bad-json")]
    public void Broken_json_is_refused(string json, string code)
        => Assert.Equal(code, Assert.Throws<RecordSourceException>(() =>
        {
            using var reader = RecordSource.Open(new MemoryStream(Encoding.UTF8.GetBytes(json)), "x.json");
            _ = Rows(reader);
        }).Code);

    [Fact]
    public void Excel_gives_what_its_cells_show()
    {
        var workbook = Workbook(
            ["mrn", "born", "fee", "share", "smoker", "note"],
            [Text("0042"), Number(29221, 1), Number(1234.5, 2), Number(0.125, 3), new Cell { DataType = CellValues.Boolean, CellValue = new CellValue("1") }, Text("Ω \u4F60")],
            [Number(7, 0), null, null, null, null, null]);
        using var reader = RecordSource.Open(new MemoryStream(workbook), "x.xlsx");
        Assert.Equal(["mrn", "born", "fee", "share", "smoker", "note"], reader.Columns);
        var good = reader.Read(TestContext.Current.CancellationToken).Cast<RecordRead.Good>().ToArray();
        Assert.Equal([2L, 3L], good.Select(read => read.Record.Row));
        var first = good[0].Record.Values;
        Assert.Equal("0042", first[0].Text);
        Assert.Equal(new DateTime(1980, 1, 1), first[1].Date);
        Assert.Equal("1980-01-01", first[1].Shown);
        Assert.Equal(("1,234.50", 1234.5m), (first[2].Shown, first[2].Number));
        Assert.Equal("13%", first[3].Shown);
        Assert.True(first[4].Boolean);
        Assert.Equal("Ω \u4F60", first[5].Text);
        Assert.Equal(MergeValueKind.Null, good[1].Record.Values[1].Kind);
    }

    [Fact]
    public void Files_of_other_kinds_are_named()
    {
        Assert.Equal("legacy-xls", Refused([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. new byte[512]], "x.xlsx"));
        Assert.Equal("not-an-xlsx", Refused(Merge.WordFile.FromText("x"), "x.xlsx"));
        Assert.Equal("cannot-open", Assert.Throws<RecordSourceException>(() => RecordSource.Open("/nowhere/at/all.csv").Dispose()).Code);
    }

    [Theory]
    [InlineData("x.csv")]
    [InlineData("x.json")]
    [InlineData("x.ndjson")]
    [InlineData("x.xlsx")]
    public void No_file_whatever_is_in_it_ends_in_anything_but_records_or_a_reason(string name)
    {
        byte[] seed = name switch
        {
            "x.csv" => Encoding.UTF8.GetBytes("name;born;\"list\"\r\n\"Ana \"\"B\"\"\nC\";1980-03-07;[1,2]\r\nÖ;;x\r\n"),
            "x.xlsx" => Workbook(["a", "b"], [Text("x"), Number(3, 1)], [Number(1, 2), Text("y")]),
            "x.ndjson" => Encoding.UTF8.GetBytes("{\"a\":1,\"b\":[{\"c\":\"x\\u00e4\"}]}\n{\"a\":null}\n"),
            _ => Encoding.UTF8.GetBytes("[{\"a\":1,\"b\":[{\"c\":\"x\\u00e4\"}]},{\"a\":null}]"),
        };
        var records = 0;
        for (var round = 0; round < 2500; round++)
        {
            var random = new Random(round);
            var bytes = Mutate(seed, random);
            try
            {
                using var reader = RecordSource.Open(new MemoryStream(bytes), name);
                records += reader.Read(TestContext.Current.CancellationToken).Take(1000).Count(read => read is RecordRead.Good);
            }
            catch (RecordSourceException)
            {
                // Refused with its reason.
            }
            catch (Exception e)
            {
                Assert.Fail($"Round {round}: {e}");
            }
        }

        Assert.True(records > 100, $"Only {records} records were read: the mutations are too wild.");
    }

    private static IRecordReader Open(string csv) => RecordSource.Open(new MemoryStream(Encoding.UTF8.GetBytes(csv)), "x.csv");

    private static string Refused(byte[] bytes, string name) => Assert.Throws<RecordSourceException>(() =>
    {
        using var reader = RecordSource.Open(new MemoryStream(bytes), name);
        _ = Rows(reader);
    }).Code;

    private static string[] Rows(IRecordReader reader) => [.. reader.Read(TestContext.Current.CancellationToken).Select(read => read switch
    {
        RecordRead.Good good => $"{good.Record.Row}: {Shown(good.Record.Values)}",
        RecordRead.Bad bad => $"{bad.Row}: {bad.Problem.Code}",
        _ => "?",
    })];

    private static string Shown(MergeObject values) => string.Join(", ", values.Names.All.Select((name, i) => $"{name}={Shown(values[i])}"));

    private static string Shown(MergeValue value) => value.Kind switch
    {
        MergeValueKind.Null => "",
        MergeValueKind.Text => value.Text,
        MergeValueKind.Number => value.Shown ?? value.Number.ToString(CultureInfo.InvariantCulture),
        MergeValueKind.Boolean => value.Boolean ? "true" : "false",
        MergeValueKind.Date => value.Date.ToString("s", CultureInfo.InvariantCulture),
        MergeValueKind.List => $"[{string.Join(", ", value.List.Select(Shown))}]",
        _ => $"{{{Shown(value.Group)}}}",
    };

    private static byte[] Mutate(byte[] seed, Random random)
    {
        var bytes = seed.ToList();
        for (var n = random.Next(1, 6); n > 0 && bytes.Count > 0; n--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, random.Next(Math.Min(8, bytes.Count - at) + 1));
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, random.Next(Math.Min(40, bytes.Count - at) + 1)));
                    break;
                default:
                    bytes.Insert(at, (byte)"\"',;[]{}\n\0\\"[random.Next(11)]);
                    break;
            }
        }

        return [.. bytes];
    }

    private static Cell Text(string text) => new() { DataType = CellValues.InlineString, InlineString = new InlineString(new Text(text)) };

    private static Cell Number(double number, uint style) => new() { CellValue = new CellValue(number), StyleIndex = style };

    [Fact]
    public void A_workbook_says_which_sheets_it_shows_also_where_the_one_that_is_read_cannot_be_used()
    {
        using var reader = RecordSource.Open(new MemoryStream(Workbook(["a", "b"], [Text("x"), Text("y")])), "x.xlsx");
        using var csv = RecordSource.Open(new MemoryStream("a;b\nx;y\n"u8.ToArray()), "x.csv");
        var refused = Assert.Throws<RecordSourceException>(() => RecordSource.Open(new MemoryStream(Workbook(["a", "A"], [Text("x"), Text("y")])), "x.xlsx"));
        var absent = Assert.Throws<RecordSourceException>(() => RecordSource.Open(new MemoryStream(Workbook(["a", "b"])), "x.xlsx", new RecordSourceOptions { SheetName = "Monday" }));

        Assert.Equal(["Patients"], reader.Sheets);
        Assert.Equal("Patients", reader.Sheet);
        Assert.Empty(csv.Sheets);
        Assert.Null(csv.Sheet);
        Assert.Equal("duplicate-columns", refused.Code);
        Assert.Equal(["Patients"], refused.Sheets);
        Assert.Equal(["Patients"], absent.Sheets);
    }

    private static byte[] Workbook(string[] header, params Cell?[][] rows)
    {
        using var stream = new MemoryStream();
        using (var document = SpreadsheetDocument.Create(stream, SpreadsheetDocumentType.Workbook))
        {
            var book = document.AddWorkbookPart();
            book.Workbook = new Workbook();
            var styles = book.AddNewPart<WorkbookStylesPart>();
            styles.Stylesheet = new Stylesheet(
                new NumberingFormats(new NumberingFormat { NumberFormatId = 170, FormatCode = "yyyy\\-mm\\-dd" }, new NumberingFormat { NumberFormatId = 171, FormatCode = "#,##0.00" }),
                new DocumentFormat.OpenXml.Spreadsheet.Fonts(new Font()), new Fills(new Fill()), new Borders(new Border()), new CellStyleFormats(new DocumentFormat.OpenXml.Spreadsheet.CellFormat()),
                new CellFormats(new DocumentFormat.OpenXml.Spreadsheet.CellFormat(), new DocumentFormat.OpenXml.Spreadsheet.CellFormat { NumberFormatId = 170, ApplyNumberFormat = true }, new DocumentFormat.OpenXml.Spreadsheet.CellFormat { NumberFormatId = 171, ApplyNumberFormat = true }, new DocumentFormat.OpenXml.Spreadsheet.CellFormat { NumberFormatId = 9, ApplyNumberFormat = true }));
            var sheet = book.AddNewPart<WorksheetPart>();
            var data = new SheetData();
            sheet.Worksheet = new Worksheet(data);
            data.Append(new Row(header.Select(Text)) { RowIndex = 1 });
            for (var i = 0; i < rows.Length; i++)
            {
                var row = new Row { RowIndex = (uint)i + 2 };
                for (var column = 0; column < rows[i].Length; column++)
                {
                    if (rows[i][column] is { } cell)
                    {
                        cell.CellReference = $"{(char)('A' + column)}{i + 2}";
                        row.Append(cell);
                    }
                }

                data.Append(row);
            }

            book.Workbook.Append(new Sheets(new Sheet { Id = book.GetIdOfPart(sheet), SheetId = 1, Name = "Patients" }));
        }

        return stream.ToArray();
    }
}
