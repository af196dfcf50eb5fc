{{ config(materialized='incremental', partition_by=['session_date']) }}

{{ funnel_by('vendor_id') }}
