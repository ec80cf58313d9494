using System.Text;
using ClinicFlow.Components.Processor;
using Xunit;

namespace ClinicFlow.Components.Tests.Processor;

public sealed class TypedTableTests
{
    [Fact]
    public void Names_of_columns_that_are_pasted_into_an_empty_table_become_its_columns()
    {
        var table = Table("lastName", "birthDate");
        table.Paste([["Surname", "Date of birth", "Ward"], ["Okafor", "1980-05-17", "3"]], table.Rows[1].Id, 1);
        Assert.Equal("\"Surname\",\"Date of birth\",\"Ward\"\n\"Okafor\",\"1980-05-17\",\"3\"\n", Csv(table));
    }

    [Fact]
    public void Rows_without_names_go_where_they_are_pasted_and_make_room()
    {
        var table = Table("lastName", "firstName");
        table.Paste([["Okafor", "Ada"], ["Smith", "Bo"], ["Lee", "Cy"], ["Diaz", "Di"]], table.Rows[0].Id, 0);
        table.Paste([["Eva", "note"]], table.Rows[1].Id, 1);
        Assert.Equal(["lastName", "firstName", "Column 3"], table.Columns);
        Assert.Equal(["Okafor|Ada|", "Smith|Eva|note", "Lee|Cy|", "Diaz|Di|"], table.Rows.Select(row => string.Join('|', row.Cells)));
    }

    [Fact]
    public void What_is_typed_is_not_taken_away_by_another_template()
    {
        var table = Table("lastName");
        table.Set(table.Rows[0].Id, 0, "Okafor");
        table.Offer(["firstName", "city"]);
        Assert.Equal(["lastName"], table.Columns);
        Assert.Equal("Okafor", table.Rows[0].Cells[0]);
    }

    [Fact]
    public void Rows_are_numbered_as_the_server_will_number_them()
    {
        var table = Table("name", "note");
        table.Paste([["Ada", "two\nlines"], ["", ""], ["Bo", "one"]], table.Rows[0].Id, 0);
        var numbers = table.NumberRows();
        Assert.Equal([2, 4], table.Rows.Where(row => !row.IsBlank).Select(row => numbers[row.Id]));
        Assert.Equal("\"name\",\"note\"\n\"Ada\",\"two\nlines\"\n\"Bo\",\"one\"\n", Csv(table));
    }

    [Fact]
    public void Quotes_and_commas_stay_in_their_cell()
    {
        var table = Table("name", "note");
        table.Set(table.Rows[0].Id, 0, "O'Neil, \"Bo\"");
        Assert.Equal("\"name\",\"note\"\n\"O'Neil, \"\"Bo\"\"\",\"\"\n", Csv(table));
    }

    [Fact]
    public void More_rows_than_the_table_holds_are_counted_not_lost_in_silence()
    {
        var table = Table("name");
        var left = table.Paste([.. Enumerable.Range(0, TypedTable.MaxRows + 10).Select(i => new[] { $"Patient {i}" })], table.Rows[0].Id, 0);
        Assert.Equal((10, TypedTable.MaxRows), (left, table.Rows.Count));
    }

    private static TypedTable Table(params string[] columns)
    {
        var table = new TypedTable();
        table.Offer(columns);
        return table;
    }

    private static string Csv(TypedTable table) => Encoding.UTF8.GetString(table.ToCsv());
}
