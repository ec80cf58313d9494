using System.Text;
using ClinicFlow.Documents.Data;
using Xunit;

namespace ClinicFlow.Documents.Tests.Data;

public sealed class MergeObjectReaderTests
{
    /// <summary>Records of one shape, then others: what is read in one pass must be what is read without it.</summary>
    private static readonly string[][] Sequences =
    [
        ["""{"a":"x","b":1}""", """{"a":"y","b":2}""", """{"a":null,"b":true}""", """{"b":2,"a":"z"}""", """{"a":"last","b":false}"""],
        ["""{"a":"1"}""", """{"a":"2","b":"3"}""", """{"a":"4"}""", "{}", "{}", """{"a":"5"}"""],
        ["""{"n":1}""", """{"n":1.50}""", """{"n":-0}""", """{"n":1e5}""", """{"n":1E-3}""", """{"n":1e400}""", """{"n":79228162514264337593543950336}""", """{"n":0.00000000000000000000000000001}""", """{"n":01}"""],
        ["""{"list":[]}""", """{"list":[{"x":1}]}""", """{"list":[{"x":1},{"x":2},{"x":3},{"x":4},{"x":5},{"x":6}]}""", """{"list":[{"x":1},{"y":2}]}""", """{"list":[[1,2],["3"],[]]}""", """{"list":[null,{"x":7}]}""", """{"list":"none"}"""],
        ["""{"g":{"h":{"i":"deep"}}}""", """{"g":{"h":{"i":"deeper"}}}""", """{"g":{"h":{}}}""", """{"g":{"h":null}}""", """{"g":{"h":{"i":"again"}}}"""],
        ["""{"d":{"$number":"1","$shown":"x"}}""", """{"d":{"$number":1,"$shown":"one"}}""", """{"d":{"$number":"1","$shown":"x"}}""", """{"d":{"$number":2,"$shown":null}}"""],
        ["""{"d":{"$date":"nonsense","$shown":"x"}}""", """{"d":{"$date":"2026-01-31T00:00:00","$shown":"31.1.26"}}""", """{"d":{"$shown":"y","$date":"2026-01-31T00:00:00"}}"""],
        ["""{"a":"Ä \"x\" \n <&>","\u0062":"\u00e9"}""", """{"a":"\ud83d\ude00","b":"é"}""", """{"a":"\ud83d","b":""}""", """{"a":"x","\ud83d":"y"}""", """{"a":"x","b":"y"}"""],
        ["""{"a":1}""", """{"a":1,}""", """{"a":1} // a remark""", """/* first */ {"a":/* then */1}""", """{"a":1} {"a":2}""", """{"a":1}]""", """{"a":1""", """{"a" 1}""", "", "[]", "null", "\uFEFF{}", """{"a":2}"""],
        ["""{"a":1,"b":2}""", """{"a":1,"a":2}""", """{"a":1,"A":2}""", """{"a b":1,"a_b":2}""", """{"a":3,"b":4}"""],
        [Nested(60, "[", "1", "]"), Nested(60, "[", "2", "]"), Nested(80, "[", "3", "]"), Nested(63, "[", "4", "]"), Nested(64, "[", "5", "]")],
        [Nested(60, "{\"x\":", "1", "}"), Nested(60, "{\"x\":", "2", "}"), Nested(80, "{\"x\":", "3", "}"), Nested(63, "{\"x\":", "4", "}"), Nested(64, "{\"x\":", "5", "}")],
    ];

    [Fact]
    public void Each_record_reads_as_it_does_alone() => Assert.All(Sequences, records =>
    {
        var reader = new MergeObjectReader();

        Assert.All(records, json =>
        {
            var isRead = reader.TryRead(Encoding.UTF8.GetBytes(json), out var values, out var problem);

            Assert.Equal(MergeObjectJson.TryParse(json, out var expected, out var expectedProblem), isRead);
            Assert.Equal((expectedProblem?.Code, expectedProblem?.Message, expectedProblem?.Field, expectedProblem?.Advice), (problem?.Code, problem?.Message, problem?.Field, problem?.Advice));
            Assert.Equal(expected is null ? null : MergeObjectJson.Write(expected), values is null ? null : MergeObjectJson.Write(values));
        });
    });

    [Fact]
    public void Records_of_one_shape_share_their_names()
    {
        var reader = new MergeObjectReader();
        string[] records = ["""{"name":"Ann","visits":[{"day":1}]}""", """{"name":"Ben","visits":[{"day":2},{"day":3}]}"""];
        var read = records.Select(json => reader.TryRead(Encoding.UTF8.GetBytes(json), out var values, out _) ? values : null).ToArray();

        Assert.Same(read[0]!.Names, read[1]!.Names);
        Assert.Same(read[0]![1].List[0].Group.Names, read[1]![1].List[1].Group.Names);
        Assert.Equal(("Ann", "Ben", 3m), (read[0]![0].Text, read[1]![0].Text, read[1]![1].List[1].Group[0].Number));
    }

    private static string Nested(int depth, string open, string inner, string close)
        => $"{{\"a\":{string.Concat(Enumerable.Repeat(open, depth))}{inner}{string.Concat(Enumerable.Repeat(close, depth))}}}";
}
