using System.Collections.Immutable;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;
using DashKind = ClinicFlow.Documents.Layout.Pages.DashKind;
using Fill = ClinicFlow.Documents.Layout.Pages.Fill;
using Stroke = ClinicFlow.Documents.Layout.Pages.Stroke;

namespace ClinicFlow.Documents.Layout.Inline;

/// <summary>Draws the kinds of underline.</summary>
internal static class UnderlineRules
{
    /// <param name="into">Where the marks go.</param>
    /// <param name="kind">Which kind.</param>
    /// <param name="left">Where it starts.</param>
    /// <param name="right">Where it ends.</param>
    /// <param name="middle">Its middle, from the top of the fragment.</param>
    /// <param name="thickness">Of a single one.</param>
    /// <param name="paint">Its colour.</param>
    public static void Add(FragmentBuilder into, Underline kind, double left, double right, double middle, double thickness, Paint paint)
    {
        if (right - left < 0.01)
        {
            return;
        }

        var isHeavy = kind is Underline.Thick or Underline.DottedHeavy or Underline.DashedHeavy or Underline.DashLongHeavy or Underline.DashDotHeavy
            or Underline.DashDotDotHeavy or Underline.WavyHeavy;
        var width = isHeavy ? thickness * 2 : thickness;
        switch (kind)
        {
            case Underline.Double:
                into.Add(new Fill((float)left, (float)(middle - (thickness / 2)), (float)(right - left), (float)thickness, paint));
                into.Add(new Fill((float)left, (float)(middle + (thickness * 1.5)), (float)(right - left), (float)thickness, paint));
                break;
            case Underline.Wave or Underline.WavyHeavy:
                into.Add(Wave(left, right, middle, width, paint));
                break;
            case Underline.WavyDouble:
                into.Add(Wave(left, right, middle, thickness, paint));
                into.Add(Wave(left, right, middle + (thickness * 3), thickness, paint));
                break;
            default:
                var dash = DashOf(kind);
                if (dash == DashKind.Solid)
                {
                    into.Add(new Fill((float)left, (float)(middle - (width / 2)), (float)(right - left), (float)width, paint));
                }
                else
                {
                    into.Add(new Stroke((float)left, (float)middle, (float)right, (float)middle, (float)width, paint, dash));
                }

                break;
        }
    }

    private static DashKind DashOf(Underline kind) => kind switch
    {
        Underline.Dotted or Underline.DottedHeavy => DashKind.Dotted,
        Underline.Dash or Underline.DashedHeavy => DashKind.Dashed,
        Underline.DashLong or Underline.DashLongHeavy => DashKind.LongDashed,
        Underline.DotDash or Underline.DashDotHeavy => DashKind.DashDot,
        Underline.DotDotDash or Underline.DashDotDotHeavy => DashKind.DashDotDot,
        _ => DashKind.Solid,
    };

    private static Shape Wave(double left, double right, double middle, double width, Paint paint)
    {
        var verbs = ImmutableArray.CreateBuilder<PathVerb>();
        var points = ImmutableArray.CreateBuilder<PathPoint>();
        verbs.Add(PathVerb.Move);
        points.Add(new((float)left, (float)middle));
        var step = Math.Max(Math.Max(1.5, width * 2), (right - left) / 2000);
        var isUp = true;
        for (var x = left; x < right; x += step)
        {
            var end = Math.Min(right, x + step);
            var peak = middle + ((isUp ? -1 : 1) * step * 0.5);
            verbs.Add(PathVerb.Curve);
            points.Add(new((float)(x + ((end - x) * 0.36)), (float)peak));
            points.Add(new((float)(x + ((end - x) * 0.64)), (float)peak));
            points.Add(new((float)end, (float)middle));
            isUp = !isUp;
        }

        return new(verbs.ToImmutable(), points.ToImmutable(), null, paint, (float)width, DashKind.Solid);
    }
}
