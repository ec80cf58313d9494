using System.Buffers.Text;
using System.Security.Cryptography;
using ClinicFlow.Batch.Storage;
using ClinicFlow.Client.Contracts;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace ClinicFlow.Server.Accounts;

/// <summary>Brings the accounts' tables up to date when the server starts, and makes the first administrator where there is no user.</summary>
internal sealed class FirstAdministrator(IServiceScopeFactory scopes, ServerSettings settings, TimeProvider time) : IHostedService
{
    /// <summary>What the first administrator is called.</summary>
    public const string UserName = "admin";

    /// <summary>A password for one sign-in.</summary>
    public static string NewOneTimePassword() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(15));

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AccountsDb>();
        try
        {
            await db.MigrateAsync(time, cancellationToken);
            if (await db.Users.AnyAsync(cancellationToken))
            {
                return;
            }

            var isGiven = settings.FirstAdministratorPassword is { Length: > 0 };
            var password = isGiven ? settings.FirstAdministratorPassword! : NewOneTimePassword();
            var made = await scope.ServiceProvider.GetRequiredService<UserManager<ClinicFlowUser>>().CreateAsync(
                new ClinicFlowUser { UserName = UserName, Role = Role.Administrator, MustChangePassword = !isGiven, CreatedAt = time.GetUtcNow() }, password);
            if (made.Succeeded && !isGiven)
            {
                // To the console only, never to the log, which is kept.
                await Console.Out.WriteLineAsync($"\nThe first administrator was made. Sign in once with\n  user name  {UserName}\n  password   {password}\nand choose a password of your own. This is not shown again.\n");
            }
            else if (!made.Succeeded && made.Errors.All(error => error.Code != nameof(IdentityErrorDescriber.DuplicateUserName)))
            {
                throw new ServerSettingsException(["Server:FirstAdministratorPassword " + string.Join(" ", made.Errors.Select(error => error.Description))]);
            }
        }
        catch (DbUpdateException) when (db.Users.Any())
        {
            // Another host that starts at the same time was faster.
        }
        catch (Exception e) when (e is System.Data.Common.DbException)
        {
            throw new StorageException("database-unreachable", "The database of the accounts cannot be reached. Check BatchProcessing:ConnectionString, and that the database runs.", isTransient: true, e);
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
