namespace ClinicFlow.Documents.Model.Metafiles;

/// <summary>A metafile is damaged or holds what is not drawn here. Thrown and caught within this folder.</summary>
/// <param name="reason">What it is, to follow on "a metafile with".</param>
internal sealed class UndrawableException(string reason) : Exception(reason);
