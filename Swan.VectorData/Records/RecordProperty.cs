using System.Reflection;

namespace Swan.VectorData.Records;

/// <summary>A property of a record: of a class, or an entry of a dictionary. Immutable; safe for concurrent use.</summary>
internal abstract class RecordProperty
{
    private readonly PropertyInfo? _info;

    protected RecordProperty(PropertyDescription description)
    {
        (Name, Type, _info) = (description.Name, description.Type, description.Info);
        ValueType = Nullable.GetUnderlyingType(Type) ?? Type;
        if (_info is { CanRead: false }) throw new InvalidOperationException($"The property '{Name}' can't be read; give it a getter.");
    }

    /// <summary>Its name in C#.</summary>
    public string Name { get; }

    /// <summary>Its type.</summary>
    public Type Type { get; }

    /// <summary>Its type, without Nullable.</summary>
    public Type ValueType { get; }

    /// <summary>Whether it can be set; computed properties can't.</summary>
    public bool CanWrite => _info is null || _info.CanWrite;

    /// <summary>Its value in a record.</summary>
    /// <exception cref="ArgumentException">A dictionary has a value of another type.</exception>
    public object? Get(object record)
    {
        if (_info is not null) return _info.GetValue(record);
        object? value = ((Dictionary<string, object?>)record).GetValueOrDefault(Name);
        return value is null || ValueType.IsInstanceOfType(value) ? value : throw new ArgumentException(
            $"The property '{Name}' has a value of type {value.GetType().Name}, but the definition says {ValueType.Name}.");
    }

    /// <summary>Sets its value in a record.</summary>
    public void Set(object record, object? value)
    {
        if (_info is null) ((Dictionary<string, object?>)record)[Name] = value;
        else _info.SetValue(record, value);
    }

    protected void RequireWritable()
    {
        if (!CanWrite)
            throw new InvalidOperationException($"The property '{Name}' can't be set, so records can't be read back; give it a setter.");
    }
}
