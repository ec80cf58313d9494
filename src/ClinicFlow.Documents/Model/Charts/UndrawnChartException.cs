namespace ClinicFlow.Documents.Model.Charts;

/// <summary>A chart is damaged, or something in it is not drawn here: then all of it is not. Thrown and caught while it is read.</summary>
/// <param name="reason">What it is: "a trend line".</param>
internal sealed class UndrawnChartException(string reason) : Exception(reason);
