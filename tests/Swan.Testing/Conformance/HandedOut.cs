using System.Reflection;

namespace Swan.Testing;

/// <summary>What the public types of a library hand out that can be disposed.</summary>
/// <remarks>Who reads a property doesn't expect to own its value, and others would lose it. What a method makes is the caller's.</remarks>
public static class HandedOut
{
    private const BindingFlags Own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Type.Property, in order.</summary>
    public static string[] ByProperties(Assembly library) =>
        Names(library, static t => t.GetProperties(Own), static p => p.PropertyType);

    /// <summary>Type.Method, in order, overloads once; without what properties are read by.</summary>
    public static string[] ByMethods(Assembly library) =>
        Names<MethodInfo>(library, static t => [.. t.GetMethods(Own).Where(m => !m.IsSpecialName)], static m => m.ReturnType);

    private static string[] Names<T>(Assembly library, Func<Type, T[]> members, Func<T, Type> result)
        where T : MemberInfo
    {
        (Type Type, T Member)[] all = [.. library.GetExportedTypes().SelectMany(t => members(t).Select(m => (t, m)))];
        Assert.NotEmpty(all);
        return [.. all.Where(m => IsDisposable(result(m.Member))).Select(m => $"{m.Type.Name.Split('`')[0]}.{m.Member.Name}")
            .Distinct().Order(StringComparer.Ordinal)];
    }

    // Also inside collections, tuples and tasks; a task itself needs no disposing.
    private static bool IsDisposable(Type type) => type != typeof(Task) && (Holds(type) && type.IsGenericType
        ? type.GetGenericArguments().Any(IsDisposable)
        : type.HasElementType ? IsDisposable(type.GetElementType()!) : typeof(IDisposable).IsAssignableFrom(type));

    private static bool Holds(Type type) => typeof(System.Collections.IEnumerable).IsAssignableFrom(type)
        || typeof(System.Runtime.CompilerServices.ITuple).IsAssignableFrom(type) || typeof(Task).IsAssignableFrom(type);
}
