namespace ClinicFlow.Documents.Layout.Pages;

/// <summary>
/// A soft shadow as copies of what throws it, all of one opacity, whose places are spread as a bell curve is: where they lie over each other they come to the shadow's opacity.
/// Evidence: docs/layout.md, "Shapes".
/// </summary>
internal readonly record struct SoftEdge
{
    private const int MostCopies = 60;

    // Each turn goes on by the golden angle, so that no two copies lie in one direction.
    private static readonly double Turn = Math.PI * (3 - Math.Sqrt(5));

    private readonly double _deviation;

    /// <param name="blur">How wide the edge is; three deviations of the curve.</param>
    /// <param name="opacity">Of the shadow.</param>
    public SoftEdge(double blur, double opacity)
    {
        _deviation = blur / 3;
        opacity = Math.Min(opacity, 0.99);

        // So many that they are not seen one by one, and so few that each is still seen at all: a step of opacity is a 255th.
        var most = Math.Log(1 - opacity) / Math.Log(1 - (4.0 / 255));
        Count = _deviation <= 0.05 ? 1 : (int)Math.Clamp(Math.Min(Math.Ceiling(_deviation * 12), most), 6, MostCopies);
        Opacity = Count == 1 ? opacity : 1 - Math.Pow(1 - opacity, 1.0 / Count);
    }

    /// <summary>How many copies there are.</summary>
    public int Count { get; }

    /// <summary>Of each.</summary>
    public double Opacity { get; }

    /// <summary>Where a copy lies: to the right, and below.</summary>
    public (double Right, double Down) At(int copy)
    {
        if (Count == 1)
        {
            return (0, 0);
        }

        var distance = _deviation * Math.Sqrt(-2 * Math.Log(1 - ((copy + 0.5) / Count)));
        var (sin, cos) = Math.SinCos(Turn * copy);
        return (distance * cos, distance * sin);
    }
}
