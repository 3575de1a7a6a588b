{# Fails where several rows share the values of some columns: the keys of most tables have more than one. #}
{% test unique_together(model, columns) %}
SELECT {{ columns | join(', ') }}, count(*) AS shared
FROM {{ model }}
GROUP BY {{ columns | join(', ') }}
HAVING count(*) > 1
{% endtest %}
