namespace ClinicFlow.Documents.Model.Metafiles;

/// <summary>A metafile is damaged or holds what is not drawn here. Thrown and caught within this folder.</summary>
/// <param name="reason">What it is: "a hatched brush".</param>
internal sealed class UndrawableException(string reason) : Exception(reason)
{
    /// <summary>A whole record is not drawn.</summary>
    public static UndrawableException Record => new("");

    /// <summary>The same, with the record in which it was met.</summary>
    public UndrawableException In(string record) => new(Message.Length == 0 ? $"the record {record}" : $"{Message} (record {record})");
}
