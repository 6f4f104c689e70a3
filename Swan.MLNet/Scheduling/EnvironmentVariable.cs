namespace Swan.MLNet.Scheduling;

/// <summary>Reads environment variables that stand for options.</summary>
internal static class EnvironmentVariable
{
    /// <summary>Reads a variable; null where it is not set or empty.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="parse">Throws <see cref="FormatException"/> or <see cref="OverflowException"/> where it can't be understood.</param>
    /// <param name="expected">What can be understood, for the message.</param>
    /// <param name="purpose">What comes of unsetting it, for the message: "to …".</param>
    /// <exception cref="SwanOptionsException">It can't be understood.</exception>
    public static T? Read<T>(string name, Func<string, T> parse, string expected, string purpose) where T : struct
    {
        if (Environment.GetEnvironmentVariable(name) is not { Length: > 0 } text) return null;
        try
        {
            return parse(text);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new SwanOptionsException(
                $"The environment variable {name} is '{text}'; expected {expected}. Change it, or unset it {purpose}.", e);
        }
    }
}
