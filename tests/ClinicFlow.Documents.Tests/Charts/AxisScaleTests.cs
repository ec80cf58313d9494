using ClinicFlow.Documents.Layout.Charts;
using ClinicFlow.Documents.Model;
using ClinicFlow.Documents.Model.Charts;
using Xunit;

namespace ClinicFlow.Documents.Tests.Charts;

/// <summary>From where to where axes of values run. Those marked Word are of a document that Word printed.</summary>
public sealed class AxisScaleTests
{
    private const double Spacing = 1.33 * 11.72;

    [Theory]
    [InlineData(2.3, 22.1, 180.45, 0, 25, 5)] // Word
    [InlineData(12, 52, 348.1, 0, 60, 10)] // Word
    [InlineData(340, 610, 144.45, 0, 700, 100)] // Word
    [InlineData(2800, 5100, 180.45, 0, 6000, 1000)] // Word
    [InlineData(0, 0, 180, 0, 1, 0.1)]
    [InlineData(5, 5, 180, 0, 6, 1)]
    [InlineData(10, 100, 180, 0, 120, 20)]
    [InlineData(95, 99, 180, 94.5, 99.5, 0.5)]
    [InlineData(-10, 30, 180, -15, 35, 5)]
    [InlineData(-40, -10, 180, -45, 0, 5)]
    [InlineData(0.357842, 0.357894, 180, 0.357835, 0.3579, 0.00001)]
    [InlineData(1, 4, 40, 0, 5, 5)]
    public void An_axis_finds_round_marks(double least, double most, double length, double min, double max, double step)
    {
        var scale = AxisScale.Of(least, most, Axis(), length, Spacing);

        Assert.Equal(step, scale.Step, step / 1000);
        Assert.Equal(max, scale.Max, step / 1000);
        Assert.Equal(min, scale.Min, step);
        Assert.True(scale.Min <= least);
    }

    [Fact]
    public void What_an_axis_states_it_keeps()
    {
        var scale = AxisScale.Of(3, 95, Axis() with { Min = -5, Max = 99, MajorUnit = 25 }, 180, Spacing);

        Assert.Equal((-5, 99, 25, 4), (scale.Min, scale.Max, scale.Step, scale.Steps));
        Assert.Equal([-5, 20, 45, 70, 95], Enumerable.Range(0, scale.Steps + 1).Select(scale.At));
    }

    [Theory]
    [InlineData(0, 1, 0, 1)]
    [InlineData(-0.4, 0.6, -1, 1)]
    [InlineData(-1, 0, -1, 0)]
    public void Shares_run_to_a_whole(double least, double most, double min, double max)
    {
        var scale = AxisScale.Of(least, most, Axis() with { IsOfShares = true }, 180, Spacing);

        Assert.Equal((min, max), (scale.Min, scale.Max));
    }

    [Fact]
    public void Whatever_the_values_the_axis_holds_them_with_few_marks()
    {
        var random = new Random(3);
        for (var i = 0; i < 20_000; i++)
        {
            var size = Math.Pow(10, random.Next(-100, 101));
            var (a, b) = ((random.NextDouble() - 0.3) * size, (random.NextDouble() - 0.3) * Math.Pow(10, random.Next(-100, 101)));
            var scale = AxisScale.Of(Math.Min(a, b), Math.Max(a, b), Axis(), 1 + (500 * random.NextDouble()), Spacing);

            Assert.True(double.IsFinite(scale.Min) && double.IsFinite(scale.Max) && scale.Step > 0, $"{a:R} {b:R}");
            Assert.InRange(scale.Steps, 0, 12);
            Assert.InRange(scale.ShareOf(a), -1e-6, 1 + 1e-6);
            Assert.InRange(scale.ShareOf(b), -1e-6, 1 + 1e-6);
        }
    }

    private static ChartAxis Axis() => new()
    {
        Format = new CharacterFormat { Fonts = new("Arial", "Arial", "Arial", "Arial") },
        Numbers = ValueFormat.General(new(System.Globalization.CultureInfo.InvariantCulture, false)),
    };
}
