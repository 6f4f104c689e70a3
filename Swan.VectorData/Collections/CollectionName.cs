namespace Swan.VectorData.Collections;

/// <summary>Names of collections, which are names of folders.</summary>
internal static class CollectionName
{
    private const int MaxLength = 100;

    private static readonly System.Buffers.SearchValues<char> s_separators = System.Buffers.SearchValues.Create("/\\:*?\"<>|");

    /// <summary>Refuses a name that is none of a folder on every system.</summary>
    /// <exception cref="ArgumentException">It isn't.</exception>
    public static void ThrowIfNone(string name, string parameter)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name, parameter);
        string? fault = name.Length > MaxLength ? $"has {name.Length} characters"
            : name.AsSpan().ContainsAny(s_separators) || name.Any(char.IsControl) || name.Any(char.IsSurrogate)
                ? "has characters that names of folders don't have everywhere"
            : name[0] is '.' or ' ' || name[^1] is '.' or ' ' ? "begins or ends with a dot or a space"
            : null;
        if (fault is null) return;
        throw new ArgumentException(
            $"'{name}' can't be a collection's name: it {fault}. A collection is a folder: use 1 to {MaxLength} letters, digits, '-', '_', "
            + "dots and spaces within.", parameter);
    }
}
