using Swan.Batch.Stores;

namespace Swan.ObjectStores.Addresses;

/// <summary>What must not be seen in errors, logs and traces.</summary>
internal sealed class Secrets
{
    // Shorter ones are no secrets, and would be found in any text.
    private const int Shortest = 4;

    // What the SDKs' own chains read.
    private static readonly string[] s_variables =
    [
        "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN", "AZURE_CLIENT_SECRET", "AZURE_PASSWORD",
        "AZURE_CLIENT_CERTIFICATE_PASSWORD", "AZURE_STORAGE_CONNECTION_STRING", "AZURE_STORAGE_KEY", "AZURE_STORAGE_SAS_TOKEN",
    ];

    private readonly HashSet<string> _secrets = new(StringComparer.Ordinal);
    private readonly Func<string, string?> _variable;

    /// <param name="variable">The environment's variables.</param>
    /// <param name="address">An address that may have credentials or a query.</param>
    public Secrets(Func<string, string?> variable, string address = "")
    {
        _variable = variable;
        AddAddress(address);
    }

    /// <summary>Whether a text has one of the secrets.</summary>
    public bool AreIn(string text)
    {
        if (_secrets.Any(secret => text.Contains(secret, StringComparison.OrdinalIgnoreCase))) return true;
        // Read when needed: credentials that are renewed change.
        foreach (string name in s_variables)
        {
            if (_variable(name) is not { } value) continue;
            // A connection string is several; each of its values may stand alone.
            foreach (string part in (string[])[value, .. value.Split(';').Select(p => p[(p.IndexOf('=', StringComparison.Ordinal) + 1)..])])
            {
                // Protocols and endpoints are not secrets.
                if (part.Length > 16 && !part.StartsWith("http", StringComparison.OrdinalIgnoreCase)
                    && text.Contains(part, StringComparison.Ordinal)) return true;
            }
        }
        return false;
    }

    /// <summary>An error as a cause that may be shown; null where it would show a secret.</summary>
    public Exception? Showable(Exception? error) => error is null || AreIn(error.ToString()) ? null : error;

    private void AddAddress(string address)
    {
        foreach (string secret in StoreAddress.SecretsOf(address))
        {
            foreach (string form in (string[])[secret, Uri.UnescapeDataString(secret), Uri.EscapeDataString(secret)])
            {
                if (form.Length >= Shortest) _secrets.Add(form);
            }
        }
    }
}
