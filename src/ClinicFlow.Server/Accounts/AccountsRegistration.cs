using ClinicFlow.Batch;
using ClinicFlow.Server.Access;
using ClinicFlow.Server.Problems;
using ClinicFlow.Server.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace ClinicFlow.Server.Accounts;

/// <summary>Puts sign-in into the server: cookies of local accounts, API keys, tokens of a provider.</summary>
internal static class AccountsRegistration
{
    /// <summary>The limit on sign-ins from one address.</summary>
    public const string SignInLimit = "sign-in";

    /// <summary>The cookie of a sign-in.</summary>
    public const string SignInCookie = "clinicflow";

    private const string AnyScheme = "ClinicFlow";

    public static void AddAccounts(this WebApplicationBuilder builder, ServerSettings settings)
    {
        var (services, configuration) = (builder.Services, builder.Configuration);
        var connection = configuration[$"{BatchProcessingConfig.Section}:{nameof(BatchProcessingConfig.ConnectionString)}"];
        if (string.IsNullOrEmpty(connection))
        {
            var path = Path.Combine(ServerHost.DataFolderOf(configuration), SqliteAccountsDb.FileName);
            services.AddDbContext<AccountsDb, SqliteAccountsDb>(options => options.UseSqlite($"Data Source={path};Default Timeout=30;Foreign Keys=True"));
        }
        else
        {
            services.AddDbContext<AccountsDb, PostgresAccountsDb>(options => options.UseNpgsql(connection, npgsql => npgsql.MigrationsHistoryTable("__EFMigrationsHistory", PostgresAccountsDb.Schema)));
        }

        services.AddSingleton<UserDirectory>().AddSingleton<UserNames>().AddSingleton<SignInHold>().AddHostedService<FirstAdministrator>().AddScoped<PasswordCheck>();
        services.AddIdentityCore<ClinicFlowUser>(identity =>
        {
            identity.User.AllowedUserNameCharacters = "";
            identity.Stores.SchemaVersion = IdentitySchemaVersions.Version3;

            // PasswordRules says what a password must be like.
            identity.Password.RequiredLength = 1;
            identity.Password.RequireDigit = identity.Password.RequireLowercase = identity.Password.RequireUppercase = identity.Password.RequireNonAlphanumeric = false;
        }).AddEntityFrameworkStores<AccountsDb>().AddSignInManager().AddPasswordValidator<PasswordRules>().AddClaimsPrincipalFactory<SignInClaims.Factory>();
        services.Configure<IdentityPasskeyOptions>(passkeys => passkeys.UserVerificationRequirement = "required");

        var authentication = services.AddAuthentication(AnyScheme);
        authentication.AddPolicyScheme(AnyScheme, null, policy => policy.ForwardDefaultSelector = context =>
            ApiKeySignIn.Find(context.Request) is not null ? ApiKeySignIn.SchemeName
            : context.Request.Headers.Authorization.ToString().StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? settings.Oidc.Issuer is { Length: > 0 } ? JwtBearerDefaults.AuthenticationScheme : ApiKeySignIn.SchemeName
            : IdentityConstants.ApplicationScheme);
        authentication.AddIdentityCookies(cookies =>
        {
            cookies.ApplicationCookie!.Configure(cookie =>
            {
                cookie.Cookie.Name = SignInCookie;
                Harden(cookie.Cookie, settings);
                cookie.ExpireTimeSpan = settings.SignInLifetime;
                cookie.SlidingExpiration = true;
                cookie.Events.OnValidatePrincipal = SignInClaims.ValidateAsync;

                // The API says no, and sends nobody elsewhere; whoever opens a page is sent to sign in, and comes back.
                cookie.Events.OnRedirectToLogin = context => PageRules.IsShown(context.HttpContext)
                    ? Send(context.Response, "/sign-in?returnUrl=" + Uri.EscapeDataString(context.Request.Path + context.Request.QueryString.Value))
                    : Answer(context.Response, StatusCodes.Status401Unauthorized);
                cookie.Events.OnRedirectToAccessDenied = context => Answer(context.Response, StatusCodes.Status403Forbidden);
            });
            cookies.TwoFactorUserIdCookie!.Configure(cookie =>
            {
                cookie.Cookie.Name = "clinicflow-passkey";
                Harden(cookie.Cookie, settings);
            });
        });
        authentication.AddScheme<AuthenticationSchemeOptions, ApiKeySignIn>(ApiKeySignIn.SchemeName, null);
        if (settings.Oidc.Issuer is { Length: > 0 })
        {
            authentication.AddJwtBearer(options => TokenSignIn.Configure(options, settings.Oidc));
        }

        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.HeaderName = AntiforgeryGuard.Header;
            antiforgery.FormFieldName = "__never";
            antiforgery.SuppressXFrameOptionsHeader = true;
            antiforgery.Cookie.Name = "clinicflow-xsrf";
            Harden(antiforgery.Cookie, settings);
        });
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, RefusalAnswers>();
    }

    public static void UseAccounts(this WebApplication app) => app.UseMiddleware<AntiforgeryGuard>();

    public static void MapAccounts(this IEndpointRouteBuilder api)
    {
        api.MapSession();
        api.MapPasskeys();
        api.MapApiKeys();
        api.MapUsers();
    }

    private static void Harden(CookieBuilder cookie, ServerSettings settings)
    {
        cookie.HttpOnly = true;
        cookie.IsEssential = true;
        cookie.SameSite = SameSiteMode.Strict;
        cookie.SecurePolicy = settings.AllowPlainHttp ? CookieSecurePolicy.SameAsRequest : CookieSecurePolicy.Always;
    }

    private static Task Answer(HttpResponse response, int status)
    {
        response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static Task Send(HttpResponse response, string address)
    {
        response.Redirect(address);
        return Task.CompletedTask;
    }

    /// <summary>Says to whom it applies that the password must be changed first.</summary>
    private sealed class RefusalAnswers : IAuthorizationMiddlewareResultHandler
    {
        private readonly AuthorizationMiddlewareResultHandler _usual = new();

        public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
            => authorizeResult.AuthorizationFailure?.FailureReasons.Any(reason => reason.Message == AccessHandler.PasswordChangeRequired) != true ? _usual.HandleAsync(next, context, policy, authorizeResult)
                : PageRules.IsShown(context) ? Send(context.Response, "/password?returnUrl=" + Uri.EscapeDataString(context.Request.Path + context.Request.QueryString.Value))
                : ProblemResult.Of(StatusCodes.Status403Forbidden, AccessHandler.PasswordChangeRequired, "Choose a password first", "This password was for one sign-in only. Choose one of your own with PUT /api/v1/session/password.").ExecuteAsync(context);
    }
}
