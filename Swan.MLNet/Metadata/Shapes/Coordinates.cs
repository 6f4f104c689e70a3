using System.Globalization;
using System.Runtime.CompilerServices;

namespace Swan.MLNet.Metadata;

/// <summary>What coordinates have to be.</summary>
internal static class Coordinates
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RequireFinite(double value, string name)
    {
        if (!double.IsFinite(value)) Throw(value, name);
    }

    private static void Throw(double value, string name) => throw new ArgumentOutOfRangeException(name,
        string.Create(CultureInfo.InvariantCulture, $"The coordinate {name} is {value}; expected a finite number."));
}
