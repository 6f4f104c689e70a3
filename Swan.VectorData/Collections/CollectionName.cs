namespace Swan.VectorData.Collections;

/// <summary>Names of collections, which are names of folders.</summary>
internal static class CollectionName
{
    private const int MaxLength = 100;

    private static readonly System.Buffers.SearchValues<char> s_separators = System.Buffers.SearchValues.Create("/\\:*?\"<>|");

    /// <summary>Refuses a name that is not a valid folder name on every system.</summary>
    /// <exception cref="ArgumentException">The name is not valid.</exception>
    public static void ThrowIfNone(string name, string parameter)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name, parameter);
        string? fault = name.Length > MaxLength ? $"has {name.Length} characters"
            : name.AsSpan().ContainsAny(s_separators) || name.Any(char.IsControl) || name.Any(char.IsSurrogate)
                ? "has characters that some systems don't allow in folder names"
            : name[0] is '.' or ' ' || name[^1] is '.' or ' ' ? "begins or ends with a dot or a space"
            : null;
        if (fault is null) return;
        throw new ArgumentException(
            $"'{name}' can't be a collection's name, because it {fault}. A collection is a folder: use 1 to {MaxLength} letters, "
            + "digits, '-', '_' and, except at the ends, dots and spaces.", parameter);
    }
}
