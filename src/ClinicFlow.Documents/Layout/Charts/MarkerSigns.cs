using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model.Charts;

namespace ClinicFlow.Documents.Layout.Charts;

/// <summary>The signs that mark points of lines (§21.2.3.27).</summary>
internal static class MarkerSigns
{
    // Control points of a quarter circle, from the axis.
    private const double Quarter = 0.5523;

    public static void Paint(ChartCanvas canvas, PointMarker? marker, double x, double y)
    {
        if (marker is null)
        {
            return;
        }

        var r = marker.Size / 2;
        var (fill, line) = (marker.Fill, marker.Outline);
        switch (marker.Sign)
        {
            case MarkerSign.Circle:
                Circle(canvas, x, y, r, fill, line);
                break;
            case MarkerSign.Square:
                canvas.Rectangle(new Box(x - r, y - r, 2 * r, 2 * r), fill, line);
                break;
            case MarkerSign.Diamond:
                canvas.Polyline([new(x, y - r), new(x + r, y), new(x, y + r), new(x - r, y)], true, fill, line);
                break;
            case MarkerSign.Triangle:
                canvas.Polyline([new(x, y - r), new(x + r, y + r), new(x - r, y + r)], true, fill, line);
                break;
            case MarkerSign.Dash:
                canvas.Rectangle(new Box(x - r, y - (r / 2), 2 * r, r), fill, line);
                break;
            case MarkerSign.Dot:
                canvas.Rectangle(new Box(x - (r / 2), y - (r / 2), r, r), fill, line);
                break;
            default:
                PaintStrokes(canvas, marker.Sign, x, y, r, line);
                break;
        }
    }

    private static void PaintStrokes(ChartCanvas canvas, MarkerSign sign, double x, double y, double r, Model.Stroke? line)
    {
        if (sign is MarkerSign.Cross or MarkerSign.Star)
        {
            canvas.Line(x - r, y - r, x + r, y + r, line);
            canvas.Line(x - r, y + r, x + r, y - r, line);
        }

        if (sign is MarkerSign.Plus or MarkerSign.Star)
        {
            canvas.Line(x, y - r, x, y + r, line);
        }

        if (sign is MarkerSign.Plus)
        {
            canvas.Line(x - r, y, x + r, y, line);
        }
    }

    private static void Circle(ChartCanvas canvas, double x, double y, double r, Model.Fill? fill, Model.Stroke? line)
    {
        var k = r * Quarter;
        canvas.AddPath(
            [PathVerb.Move, PathVerb.Curve, PathVerb.Curve, PathVerb.Curve, PathVerb.Curve, PathVerb.Close],
            [
                ChartCanvas.At(x, y - r),
                ChartCanvas.At(x + k, y - r), ChartCanvas.At(x + r, y - k), ChartCanvas.At(x + r, y),
                ChartCanvas.At(x + r, y + k), ChartCanvas.At(x + k, y + r), ChartCanvas.At(x, y + r),
                ChartCanvas.At(x - k, y + r), ChartCanvas.At(x - r, y + k), ChartCanvas.At(x - r, y),
                ChartCanvas.At(x - r, y - k), ChartCanvas.At(x - k, y - r), ChartCanvas.At(x, y - r),
            ],
            fill, line, isRound: false);
    }
}
