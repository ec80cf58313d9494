using System.Buffers;
using System.Globalization;
using System.Text.Unicode;
using ClinicFlow.Batch.Encryption;
using ClinicFlow.Documents.Data;

namespace ClinicFlow.Batch.Intake;

/// <summary>
/// The merge data of the request that comes in: becomes UTF-8 once, is checked, and is made ready to be kept. Holds that
/// of one request at a time, so that it costs no memory of its own; for one thread.
/// </summary>
/// <param name="vault">Makes it ready to be kept.</param>
/// <param name="maxBytes">How long it may be.</param>
internal sealed class IncomingData(MergeDataVault vault, int maxBytes)
{
    private readonly MergeObjectReader _reader = new();
    private byte[] _utf8 = [];
    private int _length;

    /// <summary>Takes a request's merge data in the place of the one before.</summary>
    /// <returns>What is wrong with it, as a code and for people; null where it can be kept.</returns>
    public (string Code, string Message)? Take(string json)
    {
        var most = (int)Math.Min(3L * json.Length, maxBytes);
        if (_utf8.Length < most)
        {
            _utf8 = new byte[Math.Max(most, (int)Math.Min(2L * _utf8.Length, maxBytes))];
        }

        return Utf8.FromUtf16(json, _utf8.AsSpan(0, most), out _, out _length, replaceInvalidSequences: false) switch
        {
            OperationStatus.Done => _reader.TryRead(_utf8.AsMemory(0, _length), out _, out var problem) ? null : (problem.Code, problem.Message),
            OperationStatus.DestinationTooSmall => ("merge-data-too-large", string.Create(CultureInfo.InvariantCulture, $"must be at most {maxBytes} bytes of JSON.")),
            _ => ("merge-data-not-readable", "must be a JSON object of whole characters: \\ud800 to \\udfff stand in pairs only."),
        };
    }

    /// <summary>Makes ready to be kept what was taken last and can be.</summary>
    public byte[] Seal(Guid jobId, int requestIndex) => vault.Seal(jobId, requestIndex, _utf8.AsSpan(0, _length));
}
