using ClinicFlow.Documents.Data;
using Xunit;

namespace ClinicFlow.Documents.Tests.Data;

public sealed class MergeObjectJsonTests
{
    [Fact]
    public void What_is_written_reads_as_the_same_values()
    {
        var values = new MergeObject(
        [
            new("text", MergeValue.From("Ä \"x\" \n <&>")),
            new("none", MergeValue.Null),
            new("number", MergeValue.From(12.50m)),
            new("shownNumber", MergeValue.From(1234.5m, "1.234,50 €")),
            new("date", MergeValue.From(new DateTime(1980, 3, 12, 9, 30, 0))),
            new("shownDate", MergeValue.From(new DateTime(1980, 3, 12), "12. März 1980")),
            new("truth", MergeValue.From(true)),
            new("list", MergeValue.From([MergeValue.From("a"), MergeValue.From(new MergeObject([new("inner", MergeValue.From(1m))]))])),
        ]);

        Assert.True(MergeObjectJson.TryParse(MergeObjectJson.Write(values), out var read, out _));

        Assert.Equal(values.Names.All, read.Names.All);
        Assert.Equal("Ä \"x\" \n <&>", read[0].Text);
        Assert.Equal(MergeValueKind.Null, read[1].Kind);
        Assert.Equal((12.50m, null), (read[2].Number, read[2].Shown));
        Assert.Equal((1234.5m, "1.234,50 €"), (read[3].Number, read[3].Shown));
        Assert.Equal((new DateTime(1980, 3, 12, 9, 30, 0), null), (read[4].Date, read[4].Shown));
        Assert.Equal((new DateTime(1980, 3, 12), "12. März 1980"), (read[5].Date, read[5].Shown));
        Assert.True(read[6].Boolean);
        Assert.Equal(1m, read[7].List[1].Group[0].Number);
        Assert.Equal(MergeObjectJson.Write(values), MergeObjectJson.Write(read));
    }

    [Theory]
    [InlineData("""{"a":{"$date":"nonsense","$shown":"x"}}""")]
    [InlineData("""{"a":{"$number":1}}""")]
    [InlineData("""{"a":{"$number":"1","$shown":"x"}}""")]
    public void What_only_looks_like_it_is_a_group(string json)
    {
        Assert.True(MergeObjectJson.TryParse(json, out var read, out _));

        Assert.Equal(MergeValueKind.Group, read[0].Kind);
    }
}
