using ClinicFlow.Documents.Model;
using Xunit;

namespace ClinicFlow.Documents.Tests.Model;

/// <summary>Numbers of lists in the forms of other languages (ST_NumberFormat, ECMA-376 Part 1 §17.18.59).</summary>
public sealed class NumberFormTests
{
    private static readonly int[] Numbers = [1, 23, 100];

    [Theory]
    [InlineData("japaneseLegal", "壱 弐拾参 壱百")]
    [InlineData("ideographLegalTraditional", "壹 貳拾參 壹佰")]
    [InlineData("koreanCounting", "일 이십삼 일백")]
    [InlineData("koreanLegal", "하나 스물셋 100")]
    [InlineData("taiwaneseDigital", "一 二三 一○○")]
    [InlineData("aiueo", "ｱ ﾇ ｸ")]
    [InlineData("ideographEnclosedCircle", "㊀ 23 100")]
    [InlineData("decimalEnclosedCircleChinese", "① 23 100")]
    [InlineData("decimalZero", "01 23 100")]
    public void Are_written_so(string format, string expected)
        => Assert.Equal(expected, string.Join(' ', Numbers.Select(number => NumberText.Write(number, NumberText.FormatOf(format)!.Value))));

    [Theory]
    [InlineData("001, 002, 003, ...", "001 023 100")]
    [InlineData("00001, 00002", "00001 00023 00100")]
    [InlineData("α, β, γ, ...", "α ψ δδδδδ")]
    public void Custom_ones_by_how_they_begin(string custom, string expected)
        => Assert.Equal(expected, string.Join(' ', Numbers.Select(number => NumberText.Write(number, NumberText.FormatOfCustom(custom)!.Value))));

    [Fact]
    public void Others_are_not_guessed() => Assert.Null(NumberText.FormatOfCustom("a, ç, ĝ, ..."));
}
