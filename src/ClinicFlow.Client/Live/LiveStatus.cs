namespace ClinicFlow.Client.Live;

/// <summary>
/// Whether what is watched comes through. Watches come back by themselves; this is for telling people that what they see
/// may be old meanwhile. For any number of threads.
/// </summary>
public sealed class LiveStatus
{
    private volatile bool _isAway;

    internal LiveStatus()
    {
    }

    /// <summary>Raised when the connection was lost, or is back; on whatever thread noticed.</summary>
    public event EventHandler? Changed;

    /// <summary>Whether the connection is lost, and a watch tries to come back.</summary>
    public bool IsAway => _isAway;

    internal void IsLost() => Set(true);

    internal void IsBack() => Set(false);

    private void Set(bool isAway)
    {
        if (_isAway != isAway)
        {
            _isAway = isAway;
            Changed?.Invoke(this, EventArgs.Empty);
        }
    }
}
