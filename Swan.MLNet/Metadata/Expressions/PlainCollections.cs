using System.Collections;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Reflection;

namespace Swan.MLNet.Metadata;

/// <summary>Collections that compare values as filters do.</summary>
/// <remarks>
/// A set compares with its comparer; other collections, such as the keys of a dictionary, hide their comparison. Collections that can only
/// be enumerated are compared by their elements.
/// </remarks>
internal static class PlainCollections
{
    private static readonly HashSet<Type> s_lists =
    [
        typeof(List<>), typeof(LinkedList<>), typeof(ReadOnlyCollection<>), typeof(Collection<>), typeof(ImmutableArray<>),
        typeof(ImmutableList<>),
    ];

    // Of the elements that columns can be compared with.
    private static readonly Func<IEnumerable, bool?>[] s_sets =
    [
        Compares<string?>, Compares<object?>, OfValues<bool>, OfValues<double>, OfValues<float>, OfValues<Half>, OfValues<decimal>,
        OfValues<int>, OfValues<uint>, OfValues<long>, OfValues<ulong>, OfValues<short>, OfValues<ushort>, OfValues<byte>, OfValues<sbyte>,
        OfValues<DateTime>, OfValues<DateTimeOffset>, OfValues<DateOnly>,
    ];

    /// <summary>Whether a method that is called Contains is .NET's: others may compare as they like.</summary>
    public static bool Has(MethodInfo contains) =>
        contains.DeclaringType is { } type && (type == typeof(Enumerable) || type == typeof(MemoryExtensions)
            || type.Namespace?.StartsWith("System.Collections", StringComparison.Ordinal) == true);

    /// <summary>Whether a collection is one of them.</summary>
    public static bool Is(IEnumerable list)
    {
        Type type = list.GetType();
        // Ranges and repetitions are collections, too.
        if (type.IsArray || type.Assembly == typeof(Enumerable).Assembly) return true;
        if (type.IsGenericType && s_lists.Contains(type.GetGenericTypeDefinition())) return true;
        foreach (Func<IEnumerable, bool?> compares in s_sets)
        {
            if (compares(list) is { } plain) return plain;
        }
        return true;
    }

    private static bool? OfValues<T>(IEnumerable list) where T : struct => Compares<T>(list) ?? Compares<T?>(list);

    // Null: it is no collection of these.
    private static bool? Compares<T>(IEnumerable list) => list switch
    {
        HashSet<T> set => IsPlain<T>(set.Comparer),
        FrozenSet<T> set => IsPlain<T>(set.Comparer),
        ImmutableHashSet<T> set => IsPlain<T>(set.KeyComparer),
        SortedSet<T> set => IsPlain<T>(set.Comparer),
        ImmutableSortedSet<T> set => IsPlain<T>(set.KeyComparer),
        ICollection<T> or IReadOnlySet<T> => false,
        _ => null,
    };

    // The default order of texts follows the culture; their default equality doesn't.
    private static bool IsPlain<T>(object comparer) =>
        comparer.Equals(StringComparer.Ordinal) || comparer.Equals(EqualityComparer<T>.Default)
        || (typeof(T).IsValueType && comparer.Equals(Comparer<T>.Default));
}
