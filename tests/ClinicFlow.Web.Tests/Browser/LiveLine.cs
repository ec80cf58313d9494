using Microsoft.Playwright;

namespace ClinicFlow.Web.Tests.Browser;

/// <summary>The live connection of a page, to be cut and mended between browser and server, both of which go on.</summary>
internal sealed class LiveLine
{
    private readonly List<IWebSocketRoute> _open = [];
    private bool _isCut;

    private LiveLine()
    {
    }

    /// <summary>Takes hold of the line, before the page is opened.</summary>
    public static async Task<LiveLine> TakeAsync(IPage page)
    {
        var line = new LiveLine();
        await page.RouteWebSocketAsync(address => address.Contains("/_blazor", StringComparison.Ordinal), socket =>
        {
            lock (line._open)
            {
                if (line._isCut)
                {
                    _ = socket.CloseAsync();
                    return;
                }

                line._open.Add(socket);
                socket.ConnectToServer();
            }
        });
        await page.RouteAsync("**/_blazor/**", route => line._isCut ? route.AbortAsync("connectionfailed") : route.ContinueAsync());
        return line;
    }

    /// <summary>Cuts it.</summary>
    public async Task CutAsync()
    {
        IWebSocketRoute[] open;
        lock (_open)
        {
            _isCut = true;
            open = [.. _open];
            _open.Clear();
        }

        foreach (var socket in open)
        {
            await socket.CloseAsync(new WebSocketRouteCloseOptions { Code = 4000, Reason = "cut" });
        }
    }

    /// <summary>Mends it.</summary>
    public void Mend() => _isCut = false;
}
