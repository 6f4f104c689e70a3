namespace Swan.MLNet.Metadata;

/// <summary>A column of an index: a name and the type of its values.</summary>
/// <remarks>
/// <para>A value may be missing (null) in any row. A missing value differs from an empty text.</para>
/// <para>Names are case-sensitive. Words of the filter language, such as <c>and</c> and <c>between</c>, are reserved in any case;
/// <c>box</c>, <c>polygon</c> and <c>date</c> are allowed.</para>
/// Immutable; safe for concurrent use.
/// </remarks>
public sealed record SwanColumn
{
    /// <summary>The most characters of a name.</summary>
    internal const int MaxNameLength = 64;

    /// <summary>Makes a column.</summary>
    /// <param name="name">1 to 64 of the characters A-Z, a-z, 0-9 and _; it doesn't begin with a digit.</param>
    /// <param name="type">The type of its values.</param>
    /// <exception cref="ArgumentException">The name is invalid.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The type is unknown.</exception>
    public SwanColumn(string name, SwanColumnType type)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (NameFault(name) is { } fault) throw new ArgumentException(fault, nameof(name));
        if (!Enum.IsDefined(type))
            throw new ArgumentOutOfRangeException(nameof(type), type, $"The column type {(int)type} is unknown.");
        (Name, Type) = (name, type);
    }

    /// <summary>Its name in filters.</summary>
    public string Name { get; }

    /// <summary>The type of its values.</summary>
    public SwanColumnType Type { get; }

    /// <summary>The name and the type, as in <c>region (text)</c>.</summary>
    public override string ToString() => $"{Name} ({ColumnValues.Name(Type)})";

    /// <summary>Checks a value and converts it for <see cref="ColumnBuilder.Add"/> and <see cref="ColumnData"/>.</summary>
    /// <param name="value">
    /// Null for a missing one. For text a <see cref="string"/>; for numbers any of .NET's; for dates <see cref="DateTimeOffset"/>,
    /// <see cref="DateTime"/> (UTC where its kind is unspecified) or <see cref="DateOnly"/> (the day's beginning, UTC); for the others
    /// <see cref="bool"/>, <see cref="SwanPoint"/>, <see cref="SwanBox"/>.
    /// </param>
    /// <returns>Null, a string, a double, a DateTimeOffset in UTC, a bool, a point or a box.</returns>
    /// <exception cref="ArgumentException">The column can't have the value; the message names both.</exception>
    internal object? Check(object? value)
    {
        (object? made, string? fault) = ColumnValues.Make(Type, value);
        return fault is null ? made : throw new ArgumentException($"The column '{Name}' can't hold this value: {fault}");
    }

    /// <summary>Why a name can't be one of a column; null where it can.</summary>
    internal static string? NameFault(string name)
    {
        const string rule = "A column's name has 1 to 64 of the characters A-Z, a-z, 0-9 and _, and doesn't begin with a digit.";
        if (name.Length == 0) return $"A column's name is empty. {rule}";
        if (name.Length > MaxNameLength) return $"A column's name has {name.Length} characters: '{name[..MaxNameLength]}…'. {rule}";
        if (!name.All(IsNameCharacter) || char.IsAsciiDigit(name[0])) return $"'{name}' can't be a column's name. {rule}";
        return FilterWords.IsReserved(name)
            ? $"'{name}' can't be a column's name, because it is a word of the filter language. Add a letter or an underscore."
            : null;
    }

    internal static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
}
